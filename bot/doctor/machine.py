"""This machine: room on its disks, the right to write, its ffmpeg, its clock."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import imageio_ffmpeg

from bot.doctor.findings import Finding, Subject, seconds_of

FreeBytes = Callable[[Path], int]
# A recording of 45 minutes from a good camera is about 1.5 GB, and it lies here twice while it is made ready.
LEAST_FREE_BYTES = 4_000_000_000
LARGEST_CLOCK_ERROR = timedelta(seconds=5)
_FFMPEG_SECONDS = 15.0
_VERSION = re.compile(r"ffmpeg version (\S+)")


def free_bytes(folder: Path) -> int:
    """How many bytes the disk of a folder still takes."""
    return shutil.disk_usage(folder).free


def disk(state: Path, free: FreeBytes) -> list[Finding]:
    """The folder of all state can be written and has room."""
    subject = Subject("disk", "Ổ đĩa")
    there = next(folder for folder in (state, *state.parents) if folder.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return [
            subject.wrong(
                f"không ghi được vào {there}",
                "chạy lệnh này bằng tài khoản của dịch vụ, hoặc sửa quyền của thư mục (chown, chmod 700)",
            )
        ]
    left = free(there)
    told = f"còn trống {left / 1e9:.1f} GB ở {there}"
    if left < LEAST_FREE_BYTES:
        return [
            subject.wrong(
                told,
                f"dọn bớt hoặc thêm ổ đĩa: trích xuất cần ít nhất {LEAST_FREE_BYTES / 1e9:.0f} GB",
            )
        ]
    return [subject.ok(told)]


async def ffmpeg(program: str) -> list[Finding]:
    """The ffmpeg of the settings, or the one that came along, runs."""
    subject = Subject("ffmpeg", "ffmpeg")
    advice = (
        "sửa media.ffmpeg trong cấu hình, hoặc để trống để dùng bản đi kèm"
        if program
        else "cài lại: make setup"
    )
    try:
        program = program or imageio_ffmpeg.get_ffmpeg_exe()
        process = await asyncio.create_subprocess_exec(
            *(program, "-nostdin", "-version"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except (OSError, RuntimeError) as error:
        return [subject.wrong(f"không chạy được {program or 'bản đi kèm'} ({type(error).__name__})", advice)]
    try:
        async with asyncio.timeout(_FFMPEG_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        return [subject.wrong(f"{program} không trả lời", advice)]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    version = _VERSION.match(output.decode("utf-8", "replace"))
    if process.returncode != 0 or version is None:
        return [subject.wrong(f"{program} không phải là ffmpeg dùng được", advice)]
    return [subject.ok(f"phiên bản {version[1]}")]


def clock(offset: timedelta | None) -> list[Finding]:
    """This machine's clock beside Telegram's. `offset`: machine minus Telegram; None where nobody told."""
    subject = Subject("clock", "Đồng hồ của máy")
    if offset is None:
        return [subject.skipped("chưa so được với Telegram")]
    if abs(offset) > LARGEST_CLOCK_ERROR:
        return [
            subject.wrong(
                f"{seconds_of(offset)} so với Telegram",
                "bật tự chỉnh giờ: timedatectl set-ntp true",
            )
        ]
    return [subject.ok("khớp với Telegram")]
