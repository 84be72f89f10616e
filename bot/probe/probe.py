"""Asks one recorder everything that it can do, one thing after the other, and tells each as it is found.

Reading only. A login is tried once: after a rejected one nothing more is asked. Pictures and the exported
seconds are measured and thrown away.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from bot.doctor.findings import Finding, State, Subject, decimal, seconds_of
from bot.probe import words
from nvr_client.detection import detect
from nvr_client.diagnostics import Account
from nvr_client.errors import BadAnswer, CameraOffline, RecorderError
from nvr_client.factory import connect
from nvr_client.protocol import Channel, Span
from nvr_client.settings import Now, RecorderSettings, Vendor
from nvr_client.shared import SharedRecorder

LARGEST_CLOCK_ERROR = timedelta(seconds=30)
LEAST_DAYS = 20.0
"""How long footage must be kept; fewer days are told in red."""
NARROW_DAYS = 22.0
EXPORTED = timedelta(seconds=5)
_SETTLED = timedelta(seconds=60)
_SEARCHED = timedelta(hours=1)
_TRIES = 3

T = TypeVar("T")
Tell = Callable[[Finding], None]


class Probe:
    """One look at one recorder.

    Args:
        settings: how to reach it; vendor "auto" finds out without a login.
        now: the true time, aware.
        tell: told each finding as it is made.
    """

    def __init__(self, settings: RecorderSettings, now: Now, tell: Tell) -> None:
        self._account = Account()
        self._settings = replace(settings, observer=self._account.exchanges.append)
        self._now = now
        self._tell = tell
        self._began = now()
        self._zone = ZoneInfo(settings.timezone)
        self._vendor = ""
        self._wrong = 0
        self._recorded: tuple[int, Span] | None = None

    @property
    def wrong(self) -> int:
        """How many findings somebody has to act on."""
        return self._wrong

    def diagnostics(self) -> dict[str, Any]:
        """What was asked and answered, anonymised: see `nvr_client.diagnostics`."""
        return self._account.document(self._settings, self._vendor, self._began)

    async def run(self) -> None:
        """Ask everything. Whatever the recorder does, there is a finding for it and no error."""
        subject = Subject("vendor", "Loại máy")
        self._vendor = self._settings.vendor
        if self._vendor == "auto":
            try:
                self._vendor = await detect(self._settings)
            except RecorderError as error:
                self._vendor = ""
                self._found(words.not_reached(subject, error, self._settings, blocked=False))
                return
        self._found(subject.ok(words.VENDOR_NAMES.get(self._vendor, self._vendor)))
        known = replace(self._settings, vendor=cast("Vendor", self._vendor))
        client = connect(known, now=self._now)
        try:
            await self._ask(client)
        finally:
            await client.aclose()

    async def _ask(self, client: SharedRecorder) -> None:
        subject = Subject("device", "Thiết bị")
        try:
            device = self._account.device = await client.device()
        except RecorderError as error:
            self._found(words.not_reached(subject, error, self._settings, blocked=client.blocked))
            return
        self._found(subject.ok(f"{device.model}, phần mềm {device.firmware}; đăng nhập được"))
        for one, look in (
            (Subject("clock", "Đồng hồ"), self._clock),
            (Subject("channels", "Camera"), self._channels),
            (Subject("search", "Tìm đoạn ghi một giờ qua"), self._search),
            (Subject("kept", "Thời gian lưu"), self._kept),
            (Subject("pictures", "Chụp ảnh"), self._pictures),
            (Subject("export", "Trích xuất 5 giây"), self._export),
            (Subject("disks", "Ổ cứng"), self._disks),
        ):
            if client.blocked:
                self._found(one.skipped("không hỏi nữa, vì đầu ghi vừa từ chối đăng nhập"))
                continue
            try:
                await look(one, client)
            except RecorderError as error:
                self._found(words.failed(one, error))

    def _found(self, finding: Finding) -> None:
        self._wrong += finding.state is State.WRONG
        self._tell(finding)

    async def _clock(self, subject: Subject, client: SharedRecorder) -> None:
        clock = self._account.clock = await client.clock()
        shown = f"{clock.device_time.astimezone(self._zone):%H:%M:%S ngày %d/%m/%Y}"
        if abs(clock.offset) > LARGEST_CLOCK_ERROR:
            self._found(
                subject.wrong(
                    f"{shown}, {seconds_of(clock.offset)} so với máy này",
                    "bật NTP trên đầu ghi; giờ in trên hình đang sai, dù trợ lý vẫn lấy đúng đoạn",
                )
            )
            return
        self._found(subject.ok(f"{shown}, lệch {clock.offset.total_seconds():+.0f} giây so với máy này"))

    async def _channels(self, subject: Subject, client: SharedRecorder) -> None:
        channels = self._account.channels = await client.channels()
        dark = [str(one.number) for one in channels if one.online is False]
        if dark:
            self._found(
                subject.wrong(
                    f"{len(channels)} kênh; mất tín hiệu: {', '.join(dark)}",
                    "xem nguồn và dây mạng của camera ấy",
                )
            )
            return
        self._found(subject.ok(f"{len(channels)} kênh, không kênh nào báo mất tín hiệu"))

    async def _search(self, subject: Subject, client: SharedRecorder) -> None:
        asked = Span(self._began - _SEARCHED, self._began)
        for channel in self._lit():
            found, seconds = await _timed(client.recordings(channel.number, asked))
            self._account.searches.append((channel.number, asked, found))
            if not found:
                continue
            self._recorded = (channel.number, found[-1])
            minutes = sum((one.duration for one in found), timedelta()) / timedelta(minutes=1)
            self._found(
                subject.ok(
                    f"kênh {channel.number} có {minutes:.0f} phút trong {len(found)} đoạn, "
                    f"trả lời sau {_milliseconds(seconds)}"
                )
            )
            return
        self._found(subject.wrong("không có đoạn ghi nào", "xem lịch ghi, ổ cứng và đồng hồ của đầu ghi"))

    async def _kept(self, subject: Subject, client: SharedRecorder) -> None:
        kept: dict[str, float | None] = {}
        self._account.measured["kept_days"] = kept
        short: list[int] = []
        for channel in self._account.channels:
            if client.blocked:
                return
            one = Subject(f"{subject.check}:{channel.number}", f"{subject.about}, {_called(channel)}")
            try:
                oldest = await client.oldest(channel.number)
            except RecorderError as error:
                self._found(words.failed(one, error))
                continue
            days = None if oldest is None else (self._began - oldest) / timedelta(days=1)
            kept[str(channel.number)] = None if days is None else round(days, 2)
            if days is not None and days < NARROW_DAYS:
                short.append(channel.number)
            self._found(_kept(one, oldest and oldest.astimezone(self._zone), days))
        if short:
            self._tell(
                subject.note(
                    f"{len(short)} camera không đủ hoặc sát mức {LEAST_DAYS:.0f} ngày",
                    "thêm hoặc thay ổ cứng lớn hơn, hoặc giảm tốc độ bit của camera",
                )
            )

    async def _pictures(self, subject: Subject, client: SharedRecorder) -> None:
        for channel in self._lit():
            try:
                await client.snapshot(channel.number)
            except CameraOffline:
                continue
            except BadAnswer:
                pass  # the ways below tell which of them is not fit for use
            tried = await client.picture_ways(channel.number)
            self._account.measured["pictures"] = [
                {"way": one.name, "milliseconds": round(one.seconds * 1000), "problem": one.problem}
                for one in tried
            ]
            told = "; ".join(
                f"{words.WAY_NAMES.get(one.name, one.name)} "
                + (
                    f"{_milliseconds(one.seconds)}, {one.size_bytes / 1000:.0f} KB"
                    if one.problem is None
                    else f"không được ({words.PROBLEM_NAMES.get(one.problem, one.problem)})"
                )
                for one in tried
            )
            if all(one.problem for one in tried):
                self._found(
                    subject.wrong(told, "cấp quyền xem trực tiếp cho tài khoản; bật RTSP trên đầu ghi")
                )
            else:
                self._found(subject.ok(f"kênh {channel.number}: {told} (không ai xem, không giữ lại)"))
            return
        self._found(subject.wrong("không camera nào có hình", "xem nguồn và dây mạng của các camera"))

    async def _export(self, subject: Subject, client: SharedRecorder) -> None:
        if self._recorded is None:
            self._found(subject.skipped("chưa tìm thấy đoạn ghi nào để lấy"))
            return
        number, recorded = self._recorded
        # What was recorded just now may not have reached the disk yet.
        start = max(recorded.start, min(recorded.end, self._began - _SETTLED) - EXPORTED)
        with tempfile.TemporaryDirectory(prefix="truccam-") as folder:
            asked = Span(start, start + EXPORTED)
            made, seconds = await _timed(client.export(number, asked, Path(folder, "clip")))
        speed = made.size_bytes / 1e6 / max(seconds, 0.001)
        self._account.measured["export"] = {
            "method": made.method,
            "container": made.container,
            "seconds": round(seconds, 2),
            "megabytes_per_second": round(speed, 2),
            "whole": made.span == asked and not made.gaps,
        }
        told = (
            f"kênh {number}: cách {made.method} ({made.container}), "
            f"{decimal(made.size_bytes / 1e6)} MB trong {decimal(seconds)} giây = {decimal(speed)} MB/s"
        )
        if made.span != asked or made.gaps:
            self._found(
                subject.wrong(
                    f"{told}; thiếu một phần của đoạn",
                    "xem lịch ghi: đầu ghi có thể chỉ ghi khi có chuyển động",
                )
            )
            return
        self._found(subject.ok(f"{told}; đã kiểm tra: đủ đoạn, đúng độ dài"))

    async def _disks(self, subject: Subject, client: SharedRecorder) -> None:
        disks = await client.storage()
        bad = [f"{disk.name} ({disk.status})" for disk in disks if not disk.healthy]
        if not disks:
            self._found(subject.wrong("không có ổ cứng nào", "lắp ổ cứng: đầu ghi đang không ghi được"))
        elif bad:
            self._found(
                subject.wrong(f"có vấn đề: {', '.join(bad)}", "sao lưu đoạn ghi cần giữ và thay ổ ấy")
            )
        else:
            size = sum(disk.capacity_bytes for disk in disks) / 1e12
            self._found(subject.ok(f"{len(disks)} ổ, {decimal(size)} TB, đều tốt"))

    def _lit(self) -> list[Channel]:
        """The first cameras that are not known to be dark."""
        return [channel for channel in self._account.channels if channel.online is not False][:_TRIES]


def _kept(subject: Subject, oldest: datetime | None, days: float | None) -> Finding:
    if oldest is None or days is None:
        return subject.wrong("ĐỎ, không có đoạn ghi nào", "xem lịch ghi của camera này trên đầu ghi")
    told = f"{decimal(days)} ngày, từ {oldest:%d/%m/%Y}"
    if days < LEAST_DAYS:
        return subject.wrong(f"ĐỎ, {told} (cần ít nhất {LEAST_DAYS:.0f} ngày)", "xem lời khuyên ở dưới")
    if days < NARROW_DAYS:
        return subject.note(f"VÀNG, {told} (sát mức {LEAST_DAYS:.0f} ngày)")
    return subject.ok(told)


def _called(channel: Channel) -> str:
    return f"kênh {channel.number}" + (f" ({channel.name})" if channel.name else "")


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


async def _timed(work: Awaitable[T]) -> tuple[T, float]:
    loop = asyncio.get_running_loop()
    started = loop.time()
    result = await work
    return result, loop.time() - started
