"""One recorder: reached, logged in to, its clock, its cameras, one picture, how long it keeps, its disks.

A login is tried once: after a rejected one nothing more is asked, so that the account is never locked by us.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.doctor.findings import Finding, Subject, decimal, seconds_of
from domain.cameras import Camera
from nvr_client.errors import (
    AccessRefused,
    CameraOffline,
    NotAllowed,
    NotSupported,
    NotTrusted,
    RecorderError,
    Silent,
    TooSlow,
    Unreachable,
)
from nvr_client.factory import RecorderSettings, connect
from nvr_client.protocol import Channel
from nvr_client.shared import SharedRecorder

LARGEST_CLOCK_ERROR = timedelta(seconds=30)
LEAST_DAYS = 20.0
_MANY = 6
_TRIES = 3


async def recorder(
    settings: RecorderSettings, cameras: Sequence[Camera], now: Callable[[], datetime]
) -> list[Finding]:
    """Every finding about one recorder and the cameras that the settings see on it."""
    client = connect(settings, now=now)
    look = _Look(settings, [camera for camera in cameras if camera.recorder == settings.name], client, now)
    try:
        return await look.everything()
    finally:
        await client.aclose()


class _Look:
    def __init__(
        self,
        settings: RecorderSettings,
        cameras: Sequence[Camera],
        client: SharedRecorder,
        now: Callable[[], datetime],
    ) -> None:
        self._now = now
        self._settings = settings
        self._cameras = cameras
        self._client = client
        self._seeing = list(cameras)

    async def everything(self) -> list[Finding]:
        subject = self._subject("", "")
        rest = [
            self._subject("clock", "đồng hồ"),
            self._subject("cameras", "camera"),
            self._subject("picture", "chụp thử"),
            self._subject("kept", "thời gian lưu"),
            self._subject("disks", "ổ cứng"),
        ]
        try:
            device = await self._client.device()
        except RecorderError as error:
            first = self._not_reached(subject, error)
            return [first, *(one.skipped("chưa xem được") for one in rest)]
        found = [subject.ok(f"đăng nhập được, {device.model}, phần mềm {device.firmware}")]
        looks = (self._clock, self._channels, self._picture, self._kept, self._disks)
        for one, look in zip(rest, looks, strict=True):
            if self._client.blocked:
                found.append(one.skipped("không hỏi nữa, vì đầu ghi vừa từ chối đăng nhập"))
                continue
            try:
                found.append(await look(one))
            except RecorderError as error:
                found.append(self._failed(one, error))
        return found

    def _subject(self, part: str, about: str) -> Subject:
        name = self._settings.name
        return Subject(
            f"recorder:{name}" + (f":{part}" if part else ""),
            f"Đầu ghi {name}" + (f", {about}" if about else ""),
        )

    def _not_reached(self, subject: Subject, error: RecorderError) -> Finding:
        where = f"{self._settings.host}:{self._settings.http_port}"
        match error:
            case AccessRefused() if self._client.blocked:
                return subject.wrong(
                    f"{where} từ chối tên hoặc mật khẩu",
                    "sửa username, password trong cấu hình; đừng thử đi thử lại, đầu ghi sẽ khóa tài khoản",
                )
            case NotAllowed():
                return subject.wrong(
                    f"{where} nhận mật khẩu, nhưng tài khoản thiếu quyền",
                    "cấp cho tài khoản quyền xem trực tiếp, xem lại và xem cấu hình",
                )
            case NotTrusted():
                return subject.wrong(
                    f"{where} có chứng chỉ chưa được tin"
                    if self._settings.tls_sha256 is None
                    else f"{where} có chứng chỉ khác với tls_sha256 đã khai",
                    "xem mã SHA-256 của chứng chỉ trên chính đầu ghi rồi ghi vào tls_sha256",
                )
            case AccessRefused():
                return subject.wrong(
                    f"{where} đang khóa tài khoản hoặc địa chỉ của máy này",
                    "sửa mật khẩu cho đúng, đợi 30 phút cho hết khóa rồi mới thử lại",
                )
            case Silent() | TooSlow():
                return subject.wrong(
                    f"{where} nhận kết nối nhưng không trả lời",
                    "khởi động lại đầu ghi; xem http_port có phải cổng web không",
                )
            case Unreachable():
                return subject.wrong(
                    f"không tới được {where}",
                    "xem nguồn điện, dây mạng của đầu ghi và host, http_port trong cấu hình",
                )
        return self._strange(subject, error)

    def _failed(self, subject: Subject, error: RecorderError) -> Finding:
        match error:
            case AccessRefused():
                return subject.wrong(
                    "tài khoản thiếu quyền", "cấp cho tài khoản quyền xem trực tiếp, xem lại và xem cấu hình"
                )
            case NotSupported():
                return subject.note("đầu ghi này không cho biết")
            case Unreachable():
                return subject.wrong(
                    "đầu ghi không trả lời kịp", "thử lại sau ít phút; nếu vẫn vậy, xem mạng"
                )
        return self._strange(subject, error)

    def _strange(self, subject: Subject, error: RecorderError) -> Finding:
        return subject.wrong(
            f"đầu ghi trả lời khác thường ({type(error).__name__})",
            "xem host, http_port, vendor có đúng không; chạy ./truccam recorder probe"
            f" --name {self._settings.name} để xem máy này làm được gì",
        )

    async def _clock(self, subject: Subject) -> Finding:
        offset = (await self._client.clock()).offset
        if abs(offset) > LARGEST_CLOCK_ERROR:
            return subject.wrong(
                f"{seconds_of(offset)} so với máy này",
                "bật NTP trên đầu ghi; giờ in trên hình đang sai, dù trợ lý vẫn lấy đúng đoạn",
            )
        return subject.ok("khớp với máy này")

    async def _channels(self, subject: Subject) -> Finding:
        channels = {channel.number: channel for channel in await self._client.channels()}
        unknown = [camera.code for camera in self._cameras if camera.channel not in channels]
        self._seeing = [
            camera
            for camera in self._cameras
            if camera.channel in channels and channels[camera.channel].online is not False
        ]
        if unknown:
            return subject.wrong(
                f"đầu ghi không có kênh của {_listed(unknown)}",
                "sửa channel của camera ấy trong cấu hình theo số kênh trên đầu ghi",
            )
        dark = [camera.code for camera in self._cameras if channels[camera.channel].online is False]
        if dark:
            return subject.wrong(f"mất tín hiệu: {_listed(dark)}", "xem nguồn và dây mạng của camera ấy")
        unnamed = _unnamed(channels, self._cameras)
        if unnamed:
            return subject.note(
                f"đủ {len(self._cameras)} camera; đầu ghi còn kênh chưa khai: {_listed(unnamed)}",
                "muốn dùng thì thêm vào [[cameras]]",
            )
        return subject.ok(f"đủ {len(self._cameras)} camera, đều có tín hiệu")

    async def _picture(self, subject: Subject) -> Finding:
        if not self._cameras:
            return subject.note("cấu hình chưa có camera nào của đầu ghi này", "thêm vào [[cameras]]")
        for camera in self._seeing[:_TRIES]:
            began = time.monotonic()
            try:
                picture = await self._client.snapshot(camera.channel)
            except CameraOffline:
                continue
            taken = f"{len(picture) // 1000} KB trong {(time.monotonic() - began) * 1000:.0f} ms"
            return subject.ok(f"{camera.label}, {taken} (không ai xem, không giữ lại)")
        return subject.wrong("không camera nào có hình", "xem nguồn và dây mạng của các camera")

    async def _kept(self, subject: Subject) -> Finding:
        kept: dict[str, float] = {}
        for camera in self._cameras:
            if camera in self._seeing:
                oldest = await self._client.oldest(camera.channel)
                kept[camera.code] = 0.0 if oldest is None else (self._now() - oldest) / timedelta(days=1)
        if not kept:
            return subject.skipped("chưa có camera nào để xem")
        least = min(kept, key=lambda code: kept[code])
        short = [code for code, days in kept.items() if days < LEAST_DAYS]
        if short:
            fewest = f"ít nhất là {least}, {decimal(kept[least])} ngày"
            return subject.wrong(
                f"chưa đủ {LEAST_DAYS:.0f} ngày: {_listed(short)}; {fewest}",
                "thêm hoặc thay ổ cứng lớn hơn, hoặc giảm tốc độ bit của camera ấy",
            )
        return subject.ok(f"mọi camera từ {decimal(kept[least])} ngày trở lên")

    async def _disks(self, subject: Subject) -> Finding:
        disks = await self._client.storage()
        if not disks:
            return subject.wrong("không có ổ cứng nào", "lắp ổ cứng: đầu ghi đang không ghi được")
        bad = [f"{disk.name} ({disk.status})" for disk in disks if not disk.healthy]
        if bad:
            return subject.wrong(f"có vấn đề: {_listed(bad)}", "sao lưu đoạn ghi cần giữ và thay ổ ấy")
        size = sum(disk.capacity_bytes for disk in disks) / 1e12
        return subject.ok(f"{len(disks)} ổ, {decimal(size)} TB, đều tốt")


def _unnamed(channels: dict[int, Channel], cameras: Sequence[Camera]) -> list[str]:
    """Channels with a camera that the settings do not name."""
    named = {camera.channel for camera in cameras}
    return [str(number) for number, one in sorted(channels.items()) if one.online and number not in named]


def _listed(names: Sequence[str]) -> str:
    more = f" và {len(names) - _MANY} nữa" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + more
