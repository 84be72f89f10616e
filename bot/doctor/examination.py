"""Every check, side by side, in the order in which a person reads them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.bootstrap import cameras_of, now, recorder_settings
from bot.doctor import machine
from bot.doctor.database import database
from bot.doctor.findings import Finding, Subject
from bot.doctor.recorder import recorder
from bot.doctor.telegram import telegram
from bot.settings import Settings, SettingsError

_SETTINGS = Subject("settings", "Cấu hình")


async def examine(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = now,
    free: machine.FreeBytes = machine.free_bytes,
) -> list[Finding]:
    """Look at everything that the service leans on.

    Args:
        settings: as the service would have them.
        clock: this machine's time, aware.
        free: how many bytes the disk of a folder still takes.
    """
    try:
        recorders = recorder_settings(settings)
    except SettingsError as error:
        first, recorders = not_usable(error.problems), []
    else:
        first = [_sizes(settings)]
    cameras = cameras_of(settings)
    found = await asyncio.gather(
        _safely(Subject("database", "Cơ sở dữ liệu"), database(settings.database.url)),
        *(
            _safely(Subject(f"recorder:{one.name}", f"Đầu ghi {one.name}"), recorder(one, cameras, clock))
            for one in recorders
        ),
        _safely(Subject("telegram", "Telegram"), _telegram_and_clock(settings, clock)),
        _safely(Subject("disk", "Ổ đĩa"), asyncio.to_thread(machine.disk, settings.paths.state, free)),
        _safely(Subject("ffmpeg", "ffmpeg"), machine.ffmpeg(settings.media.ffmpeg)),
    )
    return [*first, *(finding for part in found for finding in part)]


def not_usable(problems: tuple[str, ...]) -> list[Finding]:
    """The findings where the settings themselves are wrong."""
    return [_SETTINGS.wrong(problem, "sửa trong tệp cấu hình (docs/settings.md)") for problem in problems]


def _sizes(settings: Settings) -> Finding:
    told = f"{len(settings.recorders)} đầu ghi, {len(settings.cameras)} camera"
    if not settings.recorders or not settings.cameras:
        return _SETTINGS.wrong(told, "khai [[recorders]] và [[cameras]] (mẫu: examples/ngoc-lam.toml)")
    return _SETTINGS.ok(told)


async def _telegram_and_clock(settings: Settings, clock: Callable[[], datetime]) -> list[Finding]:
    found, offset = await telegram(settings.telegram, settings.web.public_url, clock)
    return [*found, *machine.clock(offset)]


async def _safely(subject: Subject, look: Awaitable[list[Finding]]) -> list[Finding]:
    try:
        return await look
    except Exception as error:  # noqa: BLE001 - the edge: one check that breaks must not hide the others
        return [
            subject.wrong(
                f"phép kiểm tra bị hỏng ({type(error).__name__})", "báo cho người phát triển Trực Cam"
            )
        ]
