"""The pretend school: recorder, Telegram, the real bot beside them, and the staff enrolled."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.bootstrap import school as open_school
from bot.bootstrap import secret_code
from bot.settings import load
from domain.people import Role
from handlers.enrol import invite
from simulator.clock import ZONE, moved
from simulator.phones.board import CameraTile
from simulator.phones.people import PEOPLE, Person
from simulator.recorder import USUAL_CLOCK_ERROR, CameraModel, SimulatedRecorder, ngoc_lam_cameras
from simulator.telegram import SimulatedTelegram

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "ngoc-lam.toml"
PASSWORD = "mat-khau-dau-ghi"  # noqa: S105 - of a pretend recorder
READY_SECONDS = 60.0
NEW_CAMERA = "C24"
NO_SUMMARY = '[summary]\nat = ""\nmeasure_at = ""'


class Board:
    """What the phones page shows and switches (`simulator.phones.board.SchoolBoard`)."""

    school_name = "Trường THCS Ngọc Lâm"

    def __init__(
        self, recorder: SimulatedRecorder, telegram: SimulatedTelegram, clock: Callable[[], datetime]
    ) -> None:
        self._recorder = recorder
        self._clock = clock
        self._telegram = telegram
        self._numbers = {camera.code: number for number, camera in recorder.model.cameras.items()}

    @property
    def recorder_on(self) -> bool:
        """The recorder answers."""
        return self._recorder.powered

    @property
    def telegram_cut(self) -> bool:
        """The school cannot reach Telegram."""
        return self._telegram.is_cut

    def now(self) -> datetime:
        """The school's clock."""
        return self._clock().astimezone(ZONE)

    def cameras(self) -> Sequence[CameraTile]:
        """All cameras, by code."""
        return [
            CameraTile(camera.code, camera.name, camera.online, camera.kept_days)
            for camera in self._recorder.model.cameras.values()
        ]

    async def set_recorder(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Turn the recorder on or off."""
        await (self._recorder.power_on() if on else self._recorder.power_off())

    async def set_camera(self, code: str, online: bool) -> None:  # noqa: FBT001 - a switch
        """Plug a camera in or out; LookupError for an unknown code."""
        self._recorder.set_camera_online(self._numbers[code], online=online)

    async def set_telegram_cut(self, cut: bool) -> None:  # noqa: FBT001 - a switch
        """Cut the school off Telegram, or end that."""
        await self._telegram.cut(cut)


@dataclass(frozen=True, slots=True)
class PretendSchool:
    """A running pretend school."""

    recorder: SimulatedRecorder
    telegram: SimulatedTelegram
    board: Board
    config: Path
    bot: "BotProcess"

    def send_summary(self) -> None:
        """Let the service measure and send the morning summary after its next start."""
        text = self.config.read_text(encoding="utf-8")
        now = self.board.now()
        self.config.write_text(text.replace(NO_SUMMARY, _summary(now), 1), encoding="utf-8")


class BotProcess:
    """The real service as its own process, as a school runs it."""

    def __init__(self, config: Path, ahead: timedelta = timedelta(0)) -> None:
        self._config = config
        self._ahead = ahead
        self._process: asyncio.subprocess.Process | None = None
        self._log: Path = config.parent / "bot.log"
        self._reader: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    @property
    def process_id(self) -> int:
        """Of the running process; `LookupError` where none runs."""
        if self._process is None:
            raise LookupError("the bot does not run")
        return self._process.pid

    async def start(self) -> None:
        """Start it and wait until it says `ready`; `RuntimeError` with its last words if it does not."""
        self._ready.clear()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._arguments(),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._reader = asyncio.create_task(self._read())
        ready = asyncio.create_task(self._ready.wait())
        ended = asyncio.create_task(self._process.wait())
        await asyncio.wait({ready, ended}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        is_ready = ready.done()
        for task in (ready, ended):
            task.cancel()
        if not is_ready:
            await self.stop()
            raise RuntimeError("\n".join(self._log.read_text(encoding="utf-8").splitlines()[-5:]))

    def _arguments(self) -> list[str]:
        if self._ahead:
            return ["-m", "simulator.bot", str(self._config), str(self._ahead.total_seconds())]
        return ["-m", "bot", "run", "--config", str(self._config)]

    async def stop(self) -> None:
        """End it as a service manager does."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End it as a power cut does."""
        await self._end(signal.SIGKILL)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.send_signal(how)
            try:
                await asyncio.wait_for(process.wait(), 15)
            except TimeoutError:
                process.kill()
                await process.wait()
        if self._reader is not None:
            await self._reader
            self._reader = None

    async def _read(self) -> None:
        stderr = self._process.stderr if self._process else None
        if stderr is None:
            return
        with self._log.open("ab") as log:
            async for line in stderr:
                if line.strip() == b"ready":
                    self._ready.set()
                log.write(line)
                log.flush()


@asynccontextmanager
async def pretend_school(
    state: Path,
    *,
    people: Sequence[Person] = PEOPLE,
    clock_offset: timedelta = USUAL_CLOCK_ERROR,
    ahead: timedelta = timedelta(0),
    summary_after: timedelta | None = None,
) -> AsyncIterator[PretendSchool]:
    """Start recorder, Telegram and the bot in a fresh `state` folder; the people are enrolled.

    One of the recorder's disks is failing, and C24 was hung three days ago.

    Args:
        state: emptied first.
        people: whose phones there are.
        clock_offset: the recorder's clock error.
        ahead: how far the school's clock is moved from the true time.
        summary_after: how long after the start the morning summary is sent; None: never, and nothing is
            measured.
    """
    clock = moved(ahead)
    hung = clock().astimezone(ZONE).replace(hour=14, minute=0, second=0, microsecond=0) - timedelta(days=3)
    await asyncio.to_thread(_emptied, state)
    async with (
        SimulatedRecorder(
            username="truccam",
            password=PASSWORD,
            cameras=_cameras(hung),
            clock_offset=clock_offset,
            now=clock,
        ) as recorder,
        SimulatedTelegram(folder=state / "telegram", now=clock) as telegram,
    ):
        config = state / "truccam.toml"
        recorder.switches.bad_disk = 2
        summary = NO_SUMMARY if summary_after is None else _summary(clock().astimezone(ZONE) + summary_after)
        config.write_text(_config(recorder, telegram, hung.date(), summary), encoding="utf-8")
        (state / "dau-ghi-1").write_text(PASSWORD, encoding="utf-8")
        codes = await _invited(config, people, clock())
        bot = BotProcess(config, ahead)
        try:
            await bot.start()
            for person in people:
                phone = telegram.person(person.name, person.user_id)
                await phone.say(f"/start {codes[person.user_id]}")
            yield PretendSchool(recorder, telegram, Board(recorder, telegram, clock), config, bot)
        finally:
            await bot.stop()


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


async def _invited(config: Path, people: Sequence[Person], now: datetime) -> dict[int, str]:
    """A one-time code for everybody, as `./truccam invite` makes them."""
    codes: dict[int, str] = {}
    async with open_school(load(config, {})) as one, one.store.begin() as uow:
        for person in people:
            codes[person.user_id] = secret_code()
            await invite(
                uow,
                name=person.name,
                role=Role(person.role),
                unit="",
                code=codes[person.user_id],
                now=now,
                by=None,
            )
        await uow.commit()
    return codes


def _cameras(hung: datetime) -> list[CameraModel]:
    cameras = ngoc_lam_cameras()
    next(camera for camera in cameras if camera.code == NEW_CAMERA).begun = hung
    return cameras


def _summary(at: datetime) -> str:
    """Measure at once after the start, send then."""
    return f'[summary]\nat = "{at:%H:%M}"\nmeasure_at = "00:00"'


def _config(recorder: SimulatedRecorder, telegram: SimulatedTelegram, hung: date, summary: str) -> str:
    """The example's cameras behind the pretend recorder and the pretend Telegram."""
    cameras = EXAMPLE.read_text(encoding="utf-8").split("[[cameras]]", 1)[1]
    new = f'code = "{NEW_CAMERA}"\n'
    cameras = cameras.replace(new, f"{new}added = {hung}\n", 1)
    return f"""
[school]
name = "Trường THCS Ngọc Lâm"
timezone = "Asia/Ho_Chi_Minh"

[database]
url = "sqlite:///truccam.db"

[paths]
state = "."

[web]
listen = "127.0.0.1:0"

[telegram]
token = "{telegram.token}"
api_base = "{telegram.base_url}"

{summary}

[[recorders]]
name = "dau-ghi-1"
vendor = "hikvision"
host = "127.0.0.1"
http_port = {recorder.http_port}
rtsp_port = {recorder.rtsp_port}
username = "truccam"
password_file = "dau-ghi-1"

[[cameras]]{cameras}"""
