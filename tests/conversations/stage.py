"""The stage: a whole school behind one database, driven line by line, with time handed in.

Everything is the product's own (dispatch, handlers, storage, delivery, rendering, media); only the chat
platform, the recorder and the clock are the stage's.
"""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.bootstrap import tools_of
from bot.deliver import Deliverer
from bot.dispatch import Dispatch
from bot.pacing import Pace, Pacing
from bot.schedule import look
from bot.settings import Settings, load
from domain.audit import Chained, first_break
from domain.chat import Account, Body, Incoming
from domain.people import INVITATION_ALPHABET, INVITATION_LENGTH, Role, named
from handlers.alarm import recorder_state
from handlers.ports import Tools
from handlers.registry import FOLLOW_UPS
from nvr_client.login import LoginGuard
from nvr_client.settings import RecorderSettings
from nvr_client.shared import SharedRecorder
from storage.store import Store
from storage.vault import Vault
from tests.conversations.channel import ScriptedChannel
from tests.conversations.jobs import ScriptedJobs
from tests.conversations.recorder import PaperRecorder

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 11, 23, 8, 0, tzinfo=HANOI)
STRANGER = "Người lạ"
CAST: dict[str, tuple[Role, str]] = {
    "Cô Hằng": (Role.PRINCIPAL, ""),
    "Thầy Quang": (Role.DEPUTY, ""),
    "Anh Dũng": (Role.IT, "Bộ phận CNTT"),
    "Bác Tiến": (Role.HEAD_GUARD, "Tổ bảo vệ"),
    "Anh Sơn": (Role.GUARD, "Tổ bảo vệ"),
    "Cô Mai": (Role.ACCOUNTANT, "Văn phòng"),
    "Cô Yến": (Role.UNIT_HEAD, "Thư viện"),
    "Cô Lan": (Role.TEACHER, ""),
    "Thầy Nam": (Role.TEACHER, ""),
}
AT_ONCE = Pace(chat_seconds=0, burst=10_000, edits_at_once=10_000)
BROKEN = ("update.broke", "watch.broke", "deliver.broke", "deliver.not_recorded", "deliver.failed")
_PATIENCE_SECONDS = 30


@dataclass
class Clock:
    """The time that everything on the stage is told."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at


class Stage:
    """Who plays, what they see, and how time goes on."""

    def __init__(self, store: Store, settings: Settings, recording: Path) -> None:
        self.clock = Clock()
        self.store = store
        self.vault = Vault(settings.paths.state)
        self.channel = ScriptedChannel()
        self.logs: list[EventDict] = []
        self.may_break = False
        self._held_up = 0
        self.accounts = {name: Account("telegram", str(700 + n)) for n, name in enumerate((*CAST, STRANGER))}
        self.last: list[Incoming] = []
        self.guard = LoginGuard("dau-ghi-1")
        self.recorder = PaperRecorder(recording, self.clock, self.guard)
        self._noticed: list[tuple[str, str]] = []
        shared = SharedRecorder(_paper_settings(), self.recorder, self.guard, self._notice)
        self._made_codes = 0
        self._updates = 0
        channels = {"telegram": self.channel}
        tools = tools_of(settings, store, self.vault, {"dau-ghi-1": shared}, channels, self.clock)
        self.use(replace(tools, secret_code=self._secret_code))
        self.jobs = ScriptedJobs(store, lambda: self.tools, self.clock)

    def use(self, tools: Tools) -> None:
        """Start answering with these tools; what was never answered is answered now, as after a restart."""
        self.tools = tools
        self.dispatch = Dispatch(self.store, tools, {"telegram": self.channel})

    def account(self, who: str) -> Account:
        """Whose chat that is; a name that was never heard of is one more stranger."""
        return self.accounts.setdefault(who, Account("telegram", str(700 + len(self.accounts))))

    async def enrol_everybody(self) -> None:
        """The cast has accounts already."""
        async with self.store.begin() as uow:
            for name, (role, unit) in CAST.items():
                address, plain = named(name, role)
                person = await uow.people.add(plain, role, address, unit)
                await uow.people.link(self.accounts[name], person.id, self.clock())
            await uow.commit()

    async def does(self, who: str, *bodies: Body) -> None:
        """Somebody does something, once or several times at once; everything that follows at once happens."""
        await self.arrive([self.incoming(who, body) for body in bodies])

    def incoming(self, who: str, body: Body) -> Incoming:
        """A new update of that person."""
        self._updates += 1
        return Incoming(self.account(who), str(self._updates), self.clock(), body)

    async def arrive(self, batch: list[Incoming]) -> None:
        """Updates come in from the platform."""
        self.last = batch
        await self.dispatch.accept(batch)
        await self.settle()

    async def settle(self) -> None:
        """Let happen what happens without time going by."""
        await self._answered()
        await self.deliver()
        await self.jobs.take_up()
        while (due := self.jobs.next_at()) is not None and due <= self.clock():
            await self.jobs.run_one()
            await self._states_told()
            await self.deliver()
            await self.jobs.take_up()

    async def move_to(self, moment: datetime) -> None:
        """Let time go by: jobs run when they are due, then what is looked after once a minute."""
        assert moment >= self.clock.at, "time does not go back"
        while (due := self.jobs.next_at()) is not None and due <= moment:
            self.clock.at = max(due, self.clock.at)
            await self.settle()
        self.clock.at = moment
        await look(self.tools)
        await self.settle()

    async def deliver(self) -> None:
        """Hand over everything that can be handed over now."""
        deliverer = Deliverer(
            store=self.store,
            channels={"telegram": self.channel},
            vault=self.vault,
            follow_ups=FOLLOW_UPS,
            zone=HANOI,
            now=self.clock,
            pacing=Pacing(AT_ONCE, lambda: 0.0),
        )
        task = asyncio.create_task(deliverer.run())
        try:
            await _until(lambda: self._nothing_waits(deliverer))
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _nothing_waits(self, deliverer: Deliverer) -> bool:
        async with self.store.reading() as uow:
            sending = (await uow.outbox.counts()).sending
            due = await uow.outbox.next_due(self.clock())
        return not sending and not deliverer._tasks and (due is None or due > self.clock())

    async def _answered(self) -> None:
        """Wait until every update is answered, or waits for the recorder."""

        async def is_quiet() -> bool:
            return len(await self.store.unanswered()) <= self._held_up

        if self.recorder.may_answer.is_set():
            self._held_up = 0
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self.dispatch.idle()
        elif self._held_up:
            await _until(is_quiet)
        elif await self.store.unanswered():  # the first that comes is what the recorder keeps waiting
            await _until(self._recorder_is_asked)
            self._held_up = len(await self.store.unanswered())
        await self._states_told()

    async def _recorder_is_asked(self) -> bool:
        return self.recorder.waiting > 0

    def _notice(self, name: str, state: str) -> None:
        self._noticed.append((name, state))

    async def _states_told(self) -> None:
        """Word of the recorder's state: the product tells it in a task of its own, the stage in order."""
        while self._noticed:
            await recorder_state(self.tools, *self._noticed.pop(0))

    def seen(self) -> list[str]:
        """What everybody has seen since the last look, as lines of a script; by person, in order."""
        names = {account: name for name, account in self.accounts.items()}
        order = list(self.accounts.values())
        events = sorted(self.channel.events, key=lambda event: order.index(event[0]))
        self.channel.events = []
        lines: list[str] = []
        for account, how, (first, *others) in events:
            note = f" ({how})" if how else ""
            lines.append(f"→ {names[account]}{note}: {first}")
            lines += [f"    {line}" for line in others]
        return lines

    async def audit(self) -> list[Chained]:
        """The whole log."""
        async with self.store.reading() as uow:
            return [entry async for entry in uow.audit.read()]

    async def check(self, spoken: list[str]) -> None:
        """What must hold after every scene, whatever it told."""
        log = await self.audit()
        assert first_break(log) is None
        written = [_as_text(entry) for entry in log]
        private = {name.split()[-1] for name in self.accounts} | set(spoken) | await self._typed()
        for secret in private:
            pattern = re.compile(rf"(?<!\w){re.escape(secret)}(?!\w)")
            assert not [line for line in written if pattern.search(line)], f"the audit log says {secret!r}"
        assert await self.store.unanswered() == []
        async with self.store.reading() as uow:
            assert (await uow.outbox.counts()).failed == self.channel.refused
        assert not self.channel.asking, "a tap was never acknowledged"
        if not self.may_break:
            assert [line for line in self.logs if line["event"] in BROKEN] == []

    async def _typed(self) -> set[str]:
        """Reasons as they were kept."""
        async with self.store.reading() as uow:
            requests = [
                request for number in range(1, 20) if (request := await uow.requests.get(number)) is not None
            ]
            found = [one for number in range(1, 20) if (one := await uow.incidents.get(number)) is not None]
            lines = [line for one in found for line in await uow.incidents.entries(one.id)]
        kept = {request.reason for request in requests} | {request.decision_reason for request in requests}
        kept |= {one.text for one in found} | {one.result for one in found} | {line.text for line in lines}
        return kept - {""}

    def _secret_code(self) -> str:
        number, code = self._made_codes, ""
        self._made_codes += 1
        for _ in range(INVITATION_LENGTH):
            number, rest = divmod(number, len(INVITATION_ALPHABET))
            code = INVITATION_ALPHABET[rest] + code
        return code


def _as_text(chained: Chained) -> str:
    entry = chained.entry
    return f"{entry.what} {entry.about} {entry.role} " + json.dumps(
        dict(entry.details or {}), ensure_ascii=False
    )


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110 - what is waited for stands in the database
            await asyncio.sleep(0.002)


def _paper_settings() -> RecorderSettings:
    return RecorderSettings(
        name="dau-ghi-1",
        vendor="hikvision",
        host="127.0.0.1",
        http_port=1,
        rtsp_port=1,
        username="x",
        password="x",
        timezone="Asia/Ho_Chi_Minh",
    )


def school_settings(folder: Path) -> Settings:
    """The school's example configuration, copied into a folder, with secrets that open nothing.

    Nothing is measured and no summary is sent but in the scenes that say so.
    """
    (folder / "secrets").mkdir()
    for name in ("telegram-token", "dau-ghi-1"):
        (folder / "secrets" / name).write_text("x")
    example = Path(__file__).parents[2] / "examples" / "ngoc-lam.toml"
    settings = load(Path(shutil.copy(example, folder)), {})
    paths = settings.paths.model_copy(update={"state": folder / "state"})
    quiet = settings.summary.model_copy(update={"at": "", "measure_at": ""})
    return settings.model_copy(update={"paths": paths, "summary": quiet})


@asynccontextmanager
async def staged(url: str, settings: Settings, recording: Path) -> AsyncIterator[Stage]:
    """A stage on a migrated database, with the cast enrolled."""
    store = await Store.open(url)
    try:
        stage = Stage(store, settings, recording)
        await stage.enrol_everybody()
        with capture_logs() as logs:
            stage.logs = logs
            yield stage
        await stage.dispatch.aclose()
    finally:
        await store.aclose()
