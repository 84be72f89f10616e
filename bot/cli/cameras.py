"""`snapshot`, `extract`, `attach`: the use cases from a shell, audited like any other."""

import shutil
import sys
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from bot.bootstrap import School, now, school
from bot.cli.common import Config, with_settings
from bot.settings import Settings
from domain.audit import Entry
from domain.cameras import Camera
from domain.chat import Account
from domain.requests import RequestState
from domain.vietnamese.places import find_cameras
from handlers import manual
from handlers.asking import Ask
from handlers.words import failure
from media.errors import MediaError
from media.video import to_mp4
from nvr_client.errors import RecorderError
from nvr_client.protocol import Span

Output = Annotated[Path, Parameter(name=["-o", "--output"])]


def register(app: App) -> None:
    """Add the commands."""
    app.command(snapshot)
    app.command(extract)
    app.command(attach)


def snapshot(camera: str, *, output: Output, config: Config = None) -> None:
    """Chụp ảnh tức thời của một camera."""

    async def act(settings: Settings) -> int:
        async with school(settings) as one:
            found = _camera(one, camera)
            if found is None:
                return 1
            try:
                picture = await one.tools.cameras.recorders[found.recorder].snapshot(found.channel)
            except RecorderError as error:
                return _failed(one, error)
            output.write_bytes(picture)
            await _audit(one, "live:picture:shown", found.code)
            print(f"{found.label} -> {output}")
        return 0

    with_settings(config, act)


def extract(camera: str, start: datetime, end: datetime, *, output: Output, config: Config = None) -> None:
    """Trích xuất một đoạn ghi thành tệp MP4 (giờ của trường, ví dụ 2026-11-20T09:05)."""

    async def act(settings: Settings) -> int:
        async with school(settings) as one:
            found = _camera(one, camera)
            if found is None:
                return 1
            zone = one.tools.zone
            span = Span(_in_zone(start, zone), _in_zone(end, zone))
            original = output.with_suffix(".original")
            try:
                exported = await one.tools.cameras.recorders[found.recorder].export(
                    found.channel, span, original
                )
                await to_mp4(original, output, program=one.tools.ffmpeg)
            except (RecorderError, MediaError) as error:
                return _failed(one, error)
            await _audit(one, "recording:extract:done", found.code, sha256=exported.sha256)
            print(f"{found.label} -> {output}")
            print(f"Bản gốc: {original} · SHA-256 {exported.sha256}")
        return 0

    with_settings(config, act)


def attach(code: str, file: Path, *, person: int, config: Config = None) -> None:
    """Nộp tệp trích xuất thủ công cho một yêu cầu (khi tệp lớn hơn 20 MB mà Telegram cho gửi).

    Parameters
    ----------
    person
        Số của nhân viên CNTT trong `people list`.
    """

    async def act(settings: Settings) -> int:
        async with school(settings) as one:
            async with one.store.reading() as uow:
                who = await uow.people.get(person)
                request = await uow.requests.by_code(code.upper())
            if who is None or request is None or request.state is not RequestState.FAILED:
                print("Không có yêu cầu nào đang chờ trích xuất thủ công với mã này.", file=sys.stderr)
                return 1
            key = f"originals/{request.created_at.year}/{request.code}.manual-{one.tools.secret_code()}.rec"
            shutil.copyfile(file, one.tools.vault.path(key))
            ask = Ask(who, Account("cli", str(who.id)), now())
            try:
                await manual.complete(ask, one.tools, request, key, one.tools.vault.path(key))
            except MediaError as error:
                return _failed(one, error)
            print(f"{request.code}: đã nhận tệp; dịch vụ sẽ giao cho người yêu cầu.")
        return 0

    with_settings(config, act)


def _camera(one: School, words: str) -> Camera | None:
    match = find_cameras(words, one.tools.cameras.index)
    if match.camera is None:
        print("Không rõ camera nào. Gần nhất:", file=sys.stderr)
        for camera in match.cameras:
            print(f"  {camera.label}", file=sys.stderr)
    return match.camera


def _failed(one: School, error: Exception) -> int:
    print(one.tools.phrase(failure(error), "vi"), file=sys.stderr)
    return 1


def _in_zone(at: datetime, zone: tzinfo) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=zone)


async def _audit(one: School, what: str, about: str, **details: str) -> None:
    async with one.store.begin() as uow:
        await uow.audit.write(Entry(now(), None, "operator", what, about, details=details))
        await uow.commit()
