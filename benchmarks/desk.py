"""The real dispatch, handlers, storage and delivery in this process, with a channel that takes the time.

Only the chat platform is missing: its own pace and network are in no figure.
"""

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from benchmarks.recorder import PASSWORD, USERNAME, Recorder
from bot.bootstrap import School, now, school
from bot.channels.base import Capabilities, Receipt, Rendered, StoreBatch
from bot.deliver import Deliverer
from bot.dispatch import Dispatch
from bot.pacing import Pace, Pacing
from bot.settings import load
from domain.chat import Account, Attachment, Body, Command, Incoming
from domain.people import Role
from handlers.ports import AttachmentError
from handlers.registry import FOLLOW_UPS

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EXAMPLE = Path(__file__).parent.parent / "examples" / "ngoc-lam.toml"
NO_PACE = Pace(chat_seconds=0, burst=100_000, edits_at_once=100_000)
PATIENCE_SECONDS = 30.0
_update_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Handed:
    """One message handed to the channel, and when (`perf_counter`)."""

    at: float
    account: Account
    message: Rendered


class TimedChannel:
    """`bot.channels.base.Channel` that accepts everything at once."""

    name = "telegram"
    can = Capabilities(
        edit=True,
        buttons=True,
        protect=True,
        text_limit=4096,
        caption_limit=1024,
        label_limit=64,
        upload_limit_bytes=50_000_000,
        download_limit_bytes=20_000_000,
    )

    def __init__(self) -> None:
        self.handed: list[Handed] = []
        self._waiting: dict[Account, asyncio.Future[Handed]] = {}
        self._keys = itertools.count(1)

    def next_for(self, account: Account) -> asyncio.Future[Handed]:
        """The next message to this account."""
        self._waiting[account] = asyncio.get_running_loop().create_future()
        return self._waiting[account]

    async def send(self, account: Account, message: Rendered) -> Receipt:
        """Take the time."""
        self._note(account, message)
        return Receipt(str(next(self._keys)), message.media is not None)

    async def edit(self, account: Account, message_key: str, message: Rendered, *, had_media: bool) -> None:
        """Take the time."""
        del message_key, had_media
        self._note(account, message)

    async def drop_buttons(self, account: Account, message_key: str) -> None:
        """Nothing to see."""

    async def acknowledge(self, query_id: str, text: str | None = None) -> None:
        """Nothing to see."""

    def highest_seen(self) -> str:
        """No message numbers here."""
        return ""

    async def find_sent(self, account: Account, message: Rendered, mark: str) -> str | None:
        """No answer is ever lost here."""
        raise AssertionError(f"nothing was lost: {account.channel}, {message.text}, {mark}")

    async def connect(self) -> str:
        """There is nothing to connect to."""
        return "benchmark"

    async def listen(self, store_batch: StoreBatch) -> None:
        """Updates come from the benchmark: nothing arrives here."""
        del store_batch
        await asyncio.Event().wait()

    async def fetch(self, attachment: Attachment, target: Path) -> None:
        """No files come in."""
        raise AttachmentError(f"no files here: {attachment.name}, {target.name}")

    def note_seen(self, message_key: str) -> None:
        """Nothing to keep."""

    async def announce_commands(self, commands: Mapping[str, str]) -> None:
        """No menu."""

    async def aclose(self) -> None:
        """Nothing is open."""

    def _note(self, account: Account, message: Rendered) -> None:
        handed = Handed(perf_counter(), account, message)
        self.handed.append(handed)
        waiting = self._waiting.pop(account, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(handed)


@dataclass
class Desk:
    """Who is enrolled, and how things are asked of the bot."""

    school: School
    channel: TimedChannel
    dispatch: Dispatch
    accounts: dict[Role, list[Account]] = field(default_factory=dict)

    async def enrol(self, role: Role, count: int) -> list[Account]:
        """Put people straight into the database."""
        people = self.accounts.setdefault(role, [])
        async with self.school.store.begin() as uow:
            for _ in range(count):
                person = await uow.people.add(f"{role.value} {len(people)}", role, "Cô")
                account = Account("telegram", str(person.id))
                await uow.people.link(account, person.id, now())
                people.append(account)
            await uow.commit()
        return people

    async def asked(self, account: Account, body: Body) -> float:
        """Do something and wait for the first message that answers it; seconds in between."""
        answer = self.channel.next_for(account)
        started = perf_counter()
        await self.dispatch.accept([incoming(account, body)])
        return (await asyncio.wait_for(answer, PATIENCE_SECONDS)).at - started


def incoming(account: Account, body: Body) -> Incoming:
    """An update as a channel makes it."""
    return Incoming(account=account, update_id=str(next(_update_ids)), received_at=now(), body=body)


def snapshot_of(words: str) -> Command:
    """`/anh WORDS`."""
    return Command("anh", words)


@asynccontextmanager
async def desk(
    recorder: Recorder | None, *, delivering: bool = True, monotonic: Callable[[], float] = time.monotonic
) -> AsyncIterator[Desk]:
    """A fresh school on SQLite with the example's thirty cameras."""
    with tempfile.TemporaryDirectory(prefix="truccam-bench-") as folder:
        config = Path(folder) / "truccam.toml"
        config.write_text(settings_text(recorder), encoding="utf-8")
        async with school(load(config, {})) as one:
            channel = TimedChannel()
            channels = {channel.name: channel}
            dispatch = Dispatch(one.store, one.tools, channels)
            deliverer = Deliverer(
                store=one.store,
                channels=channels,
                vault=one.vault,
                follow_ups=FOLLOW_UPS,
                zone=ZONE,
                now=now,
                pacing=Pacing(NO_PACE, monotonic),
            )
            task = asyncio.create_task(deliverer.run()) if delivering else None
            try:
                yield Desk(one, channel, dispatch)
            finally:
                await dispatch.aclose()
                if task is not None:
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)


def settings_text(recorder: Recorder | None) -> str:
    """The settings of that school."""
    cameras = EXAMPLE.read_text(encoding="utf-8").split("[[cameras]]", 1)[1]
    return f"""
[database]
url = "sqlite:///truccam.db"

[paths]
state = "."

[log]
level = "warning"

[[recorders]]
name = "dau-ghi-1"
vendor = "hikvision"
host = "127.0.0.1"
http_port = {recorder.port if recorder else 9}
rtsp_port = {recorder.rtsp_port if recorder else 9}
username = "{USERNAME}"
password = "{PASSWORD}"

[[cameras]]{cameras}"""
