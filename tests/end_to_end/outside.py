"""The service from outside: settings, a process, a Bot API server, a recorder, its web endpoints."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from simulator.footage.code import read_code
from simulator.phones.people import Person
from simulator.recorder import SimulatedRecorder
from simulator.school import _invited
from simulator.telegram import FloodLimits, Phone, SimulatedTelegram

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "mat-khau rieng#1"
CLOCK_OFFSET = timedelta(seconds=94)
PATIENCE_SECONDS = 30.0
CAMERAS = (("C01", "Cổng chính", 1, "cổng"), ("C02", "Cổng phụ", 2, "cổng"), ("C11", "Sân trường", 11, "sân"))


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Outside:
    """Everything around the service, and the service's process while it runs."""

    folder: Path
    recorder: SimulatedRecorder
    telegram: SimulatedTelegram
    web_port: int = field(default_factory=free_port)
    database_url: str = "sqlite:///var/truccam.db"
    process: asyncio.subprocess.Process | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.folder / "truccam.toml"

    @property
    def web(self) -> str:
        """Where the service's own endpoints are."""
        return f"http://127.0.0.1:{self.web_port}"

    def write_settings(
        self, *, token: str | None = None, more: str = "", summary_at: str = "", measure_at: str = ""
    ) -> None:
        """The settings as a school writes them; nothing is measured, no summary is sent unless asked for."""
        cameras = "".join(
            f"""
[[cameras]]
code = "{code}"
name = "{name}"
recorder = "dau-ghi-1"
channel = {channel}
aliases = {json.dumps(["gate", "cổng trường"] if channel == 1 else [], ensure_ascii=False)}
area = "{area}"
owner = "Tổ bảo vệ"
"""
            for code, name, channel, area in CAMERAS
        )
        secrets = self.folder / "secrets"
        secrets.mkdir(exist_ok=True)
        (secrets / "dau-ghi-1").write_text(PASSWORD + "\n", encoding="utf-8")
        self.config.write_text(
            f"""
[school]
name = "Trường THCS Ngọc Lâm"
timezone = "Asia/Ho_Chi_Minh"

[database]
url = "{self.database_url}"

[web]
listen = "127.0.0.1:{self.web_port}"
public_url = ""

[telegram]
token = "{self.telegram.token if token is None else token}"
api_base = "{self.telegram.base_url}"
proxy = ""
mode = "polling"

[zalo_bot]
token = ""
api_base = "https://bot-api.zaloplatforms.com"

[zalo_oa]
app_id = ""
api_base = "https://openapi.zalo.me"
oauth_base = "https://oauth.zaloapp.com"

[summary]
at = "{summary_at}"
measure_at = "{measure_at}"

[[recorders]]
name = "dau-ghi-1"
vendor = "hikvision"
host = "127.0.0.1"
http_port = {self.recorder.http_port}
rtsp_port = {self.recorder.rtsp_port}
username = "truccam"
password_file = "secrets/dau-ghi-1"
{cameras}{more}""",
            encoding="utf-8",
        )

    async def command(self, *arguments: str) -> tuple[int, str, str]:
        """Run `./truccam ...`; exit status, standard output, standard error."""
        process = await asyncio.create_subprocess_exec(
            *(str(ROOT / "truccam"), *arguments, "--config", str(self.config)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self.folder,
            env=_plain_environment(),
        )
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
        return process.returncode or 0, out.decode(), err.decode()

    async def start(self) -> None:
        """Start the service; returns when it says `ready`."""
        self.process = await asyncio.create_subprocess_exec(
            *(str(ROOT / "truccam"), "run", "--config", str(self.config)),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            cwd=self.folder,
            env=_plain_environment(),
        )
        self.errors = []
        ready = asyncio.Event()
        self._reading = asyncio.create_task(self._read(ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait(
            {waiting, self._reading}, timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        waiting.cancel()
        if not ready.is_set():
            raise RuntimeError("\n".join(self.errors))

    async def stop(self) -> int:
        """SIGTERM; the exit status. Raises `TimeoutError` where it takes more than five seconds."""
        if self.process is None:
            return 0
        process, self.process = self.process, None
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            status = await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        finally:
            await self._reading
        return status

    async def kill(self) -> None:
        """SIGKILL, as a power cut."""
        if self.process is not None:
            process, self.process = self.process, None
            process.kill()
            await process.wait()
            await self._reading

    async def _read(self, ready: asyncio.Event) -> None:
        assert self.process is not None
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            text = line.decode().rstrip("\n")
            self.errors.append(text)
            if text == "ready":
                ready.set()

    async def invited(self, role: str, name: str) -> str:
        """A one-time code from `./truccam invite --json`."""
        status, out, err = await self.command("invite", "--role", role, "--name", name, "--json")
        assert status == 0, err
        return str(json.loads(out)["code"])

    async def enrolled(self, role: str, name: str, user_id: int) -> Phone:
        """The phone of somebody who has just enrolled."""
        code = await self.invited(role, name)
        phone = self.telegram.person(name, user_id)
        said = await phone.say(f"/start {code}")
        await phone.wait_for("Xin chào", PATIENCE_SECONDS, after=said)
        return phone

    async def crowd(self, role: str, user_ids: Sequence[int]) -> list[Phone]:
        """Many people of one role, whose codes are made in one go: the command takes a second each."""
        people = [Person(f"Người {user_id}", user_id, role, "", ()) for user_id in user_ids]
        codes = await _invited(self.config, people, utc_now())
        phones = [self.telegram.person(person.name, person.user_id) for person in people]
        for phone in phones:
            await phone.say(f"/start {codes[phone.user_id]}")
        for phone in phones:
            await phone.wait_for("Xin chào", PATIENCE_SECONDS)
        return phones

    def said(self) -> str:
        """Every word that reached a phone, edits too."""
        return "\n".join(phone.transcript() for phone in self.telegram.phones)


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("TRUCCAM_", "PYTHON"))}


@asynccontextmanager
async def outside(folder: Path, *, database_url: str = "sqlite:///var/truccam.db") -> AsyncIterator[Outside]:
    """A recorder and a Telegram with the settings for them; what was started is stopped."""
    async with (
        SimulatedRecorder(username="truccam", password=PASSWORD, clock_offset=CLOCK_OFFSET) as recorder,
        SimulatedTelegram(folder=folder / "telegram", limits=FloodLimits()) as telegram,
    ):
        one = Outside(folder, recorder, telegram, database_url=database_url)
        one.write_settings()
        try:
            yield one
        finally:
            await one.stop()


async def until(condition: Callable[[], object], timeout_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something that another process brings about."""
    async with asyncio.timeout(timeout_seconds):
        while not condition():  # noqa: ASYNC110 - another process rings no bell
            await asyncio.sleep(0.01)


async def together(*work: Awaitable[Phone]) -> list[Phone]:
    """Wait for people who do something at the same time."""
    return list(await asyncio.gather(*work))


def children(process_id: int) -> list[int]:
    """Every process below another one, by /proc."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found, open_ids = [], [process_id]
    while open_ids:
        below = parents.get(open_ids.pop(), [])
        found += below
        open_ids += below
    return found


def command_lines(process_id: int) -> set[str]:
    """What every other account of the machine can read of the processes below one."""
    lines = set()
    for child in children(process_id):
        try:
            lines.add(Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return lines


async def codes_in(video: bytes, folder: Path) -> list[tuple[int, datetime]]:
    """Camera number and second of every decoded frame of a clip, in order."""
    path = folder / "clip.mp4"
    await asyncio.to_thread(path.write_bytes, video)
    size = (854, 480)
    process = await asyncio.create_subprocess_exec(
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", str(path)),
        *("-vf", f"scale={size[0]}:{size[1]}", "-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1"),
        stdout=asyncio.subprocess.PIPE,
    )
    pixels, _ = await process.communicate()
    length = size[0] * size[1] * 3
    frames = (
        Image.frombytes("RGB", size, pixels[start : start + length])
        for start in range(0, len(pixels), length)
    )
    codes = [read_code(frame) for frame in frames]
    assert None not in codes
    return [code for code in codes if code is not None]


def utc_now() -> datetime:
    """The true time."""
    return datetime.now(UTC)
