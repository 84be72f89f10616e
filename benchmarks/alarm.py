"""From a report of level 4 to every leader's phone, at Telegram's real pace, with 500 messages queued."""

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.desk import incoming, settings_text
from benchmarks.table import Row, milliseconds, percentile
from bot.bootstrap import School, now, school
from bot.settings import load
from domain.chat import Account, Command, Outgoing, Text
from domain.people import Role
from simulator.telegram import Phone, SimulatedTelegram

QUEUED = 500
REPORTS = 8
LEADERS = (Role.PRINCIPAL, Role.DEPUTY, Role.HEAD_GUARD)
WITHIN_SECONDS = 2.0
PATIENCE_SECONDS = 20.0


async def rows() -> list[Row]:
    """The target is absolute: there is nothing to hold it against."""
    with tempfile.TemporaryDirectory(prefix="truccam-bench-") as name:
        folder = Path(name)
        async with SimulatedTelegram(folder=folder / "telegram") as telegram:
            config = folder / "truccam.toml"
            config.write_text(
                f'{settings_text(None)}\n[telegram]\ntoken = "{telegram.token}"\n'
                f'api_base = "{telegram.base_url}"\n',
                encoding="utf-8",
            )
            async with school(load(config, {})) as one:
                await one.channels["telegram"].connect()
                took = await _reports(one, telegram)
    p95 = percentile(took, 0.95)
    return [
        Row(
            f"report of level 4 to every leader's phone, {QUEUED} messages queued, p50",
            milliseconds(percentile(took, 0.5)),
        ),
        Row(
            f"report of level 4 to every leader's phone, {QUEUED} messages queued, p95",
            milliseconds(p95),
            target="<= 2 s",
            met=p95 <= WITHIN_SECONDS,
        ),
    ]


async def _reports(one: School, telegram: SimulatedTelegram) -> list[float]:
    phones: dict[Account, Phone] = {}
    leaders: list[Account] = []
    async with one.store.begin() as uow:
        for number, role in enumerate((*LEADERS, Role.GUARD, *(QUEUED * (Role.TEACHER,)))):
            person = await uow.people.add(f"số {number}", role, "Cô")
            account = Account("telegram", str(1_000 + number))
            await uow.people.link(account, person.id, now())
            phones[account] = telegram.person(person.called, int(account.id))
            await phones[account].say("/start")
            if role in LEADERS:
                leaders.append(account)
            if role is Role.TEACHER:
                text = Text("{words}", {"words": "Mời họp chiều nay"})
                await uow.outbox.say(Outgoing(account, (text,)), now())
        await uow.commit()
    guard = Account("telegram", str(1_000 + len(LEADERS)))
    delivering = asyncio.create_task(one.deliverer.run())
    took: list[float] = []
    try:
        for number in range(1, REPORTS + 1):
            started = perf_counter()
            await one.dispatch.accept([incoming(guard, Command("suviec", f"cháy ở bếp lần {number}"))])

            async def arrives(leader: Account, number: int = number, started: float = started) -> None:
                await phones[leader].wait_for(f"cháy ở bếp lần {number}", PATIENCE_SECONDS)
                took.append(perf_counter() - started)

            await asyncio.gather(*(arrives(leader) for leader in leaders))
        async with one.store.reading() as uow:
            assert (await uow.outbox.counts()).queued, "the queue was empty before the last report"
    finally:
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        await one.dispatch.aclose()
    return took
