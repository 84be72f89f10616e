"""What IT staff hear at once, because only they can mend it (Điều 8); once, not with every failure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from errno import ENOSPC

from domain.chat import Outgoing, Text
from domain.people import Role
from handlers.asking import system_entry
from handlers.ports import Tools, UnitOfWork
from media import errors as media
from nvr_client import errors as nvr

QUIET = timedelta(hours=1)

_RECORDER_STATES: Mapping[str, Text] = {
    "lost": Text("The recorder {name} no longer answers."),
    "back": Text("The recorder {name} answers again."),
    "blocked": Text(
        "The recorder {name} refused the system's password. Nothing is sent to it until the settings are "
        "mended and the service is started again.",
    ),
}


async def recorder_state(tools: Tools, name: str, state: str) -> None:
    """A recorder was lost, is back, or has rejected the login: told once per change."""
    text = _RECORDER_STATES[state].filled(name=name)
    async with tools.begin() as uow:
        now = tools.now()
        await uow.audit.write(system_entry(now, f"recorder:{state}:noticed", name))
        for person in await uow.people.with_roles((Role.IT,)):
            await uow.outbox.say(Outgoing(person.id, (text,)), now)
        await uow.commit()


async def failed(tools: Tools, error: Exception) -> None:
    """As `tell`, in a transaction of its own."""
    async with tools.begin() as uow:
        if await tell(uow, tools.now(), error):
            await uow.commit()


async def tell(uow: UnitOfWork, now: datetime, error: Exception) -> bool:
    """What no recorder's state tells: a full disk, a missing right, a mistake of ours. At most once an hour.

    Returns:
        Whether it was said now.
    """
    if isinstance(error, nvr.LoginBlocked):
        return False  # told when the recorder's state changed
    if isinstance(error, nvr.NoSpace | media.NoSpace) or _is_full_disk(error):
        kind, text = "disk_full", Text("The system's disk is full. Please make room.")
    elif isinstance(error, nvr.NotAllowed):
        kind = "right_missing"
        text = Text("The system's account lacks a right at a recorder: live view, playback or settings.")
    elif isinstance(error, nvr.AccessRefused):
        kind = "access_refused"
        text = Text("A recorder refuses the system's account. Please check its password, lock and rights.")
    else:
        kind, text = type(error).__name__, Text("Something broke in the system. Please look into its log.")
    before = await uow.facts.get(f"alarm:{kind}")
    if before is not None and now - datetime.fromisoformat(before) < QUIET:
        return False
    await uow.facts.put(f"alarm:{kind}", now.isoformat())
    await uow.audit.write(system_entry(now, "system:broke:noticed", kind))
    for person in await uow.people.with_roles((Role.IT,)):
        await uow.outbox.say(Outgoing(person.id, (text,)), now)
    return True


def _is_full_disk(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno == ENOSPC
