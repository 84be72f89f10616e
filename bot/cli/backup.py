"""`backup` and `restore`: a copy of all state, and the way back."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from bot.alone import AlreadyRunningError, alone
from bot.bootstrap import now
from bot.cli.common import Config, with_settings
from bot.settings import Settings
from bot.settings_sources import SQLITE
from domain.audit import Entry
from storage.archive import BackupDamaged, TargetTaken
from storage.backup import Note, NothingThere, Places, back_up
from storage.restore import NewerVersion, OtherKind, StateNotEmpty, StillRunning
from storage.restore import restore as put_back
from storage.schema import Schema
from storage.store import Store


def register(app: App) -> None:
    """Add the commands."""
    app.command(backup)
    app.command(restore)


def backup(target: Path, *, config: Config = None) -> None:
    """Sao lưu cơ sở dữ liệu và các đoạn ghi đang giữ; dịch vụ vẫn chạy bình thường.

    Parameters
    ----------
    target
        Thư mục mới, hoặc tệp mới có đuôi .tar. Để ở ổ đĩa hoặc máy khác.
    """

    async def act(settings: Settings) -> int:
        places = _places(settings)
        try:
            if places.database is None or await asyncio.to_thread(places.database.exists):
                await _note_in_the_audit_log(settings, target)
            note = await back_up(places, target, now())
        except NothingThere:
            return _refused("Chưa có cơ sở dữ liệu nào để sao lưu.")
        except TargetTaken:
            return _refused(f"{target} đã có rồi; chọn tên khác.")
        except OSError as error:
            return _refused(f"Không sao lưu được: {error.strerror or type(error).__name__}.")
        print(f"Đã sao lưu vào {target}: {_contents(note)}.")
        if not note.database:
            print("Cơ sở dữ liệu PostgreSQL không nằm trong đó: sao lưu bằng pg_dump, ngay sau lệnh này.")
        print("Bản sao chưa được mã hóa và có hình ảnh học sinh: cất ở nơi chỉ người có trách nhiệm mở được.")
        return 0

    with_settings(config, act)


def restore(
    source: Path,
    *,
    overwrite: Annotated[bool, Parameter(negative="")] = False,
    config: Config = None,
) -> None:
    """Phục hồi từ bản sao lưu, sau khi kiểm tra từng tệp và chuỗi mã băm của nhật ký.

    Parameters
    ----------
    source
        Thư mục hoặc tệp .tar mà lệnh backup đã tạo.
    overwrite
        Thay dữ liệu đang có; dữ liệu ấy được chuyển sang thư mục before-restore-…, không bị xóa.
    """

    async def act(settings: Settings) -> int:
        try:
            with alone(settings.paths.state):
                note, aside = await put_back(source, _places(settings), now(), overwrite=overwrite)
        except BackupDamaged as error:
            return _refused(f"Bản sao lưu đã bị sửa hoặc không đủ ({error.name}). Chưa thay đổi gì.")
        except StateNotEmpty:
            return _refused("Đang có dữ liệu. Muốn thay thì thêm --overwrite; dữ liệu cũ sẽ được cất riêng.")
        except (AlreadyRunningError, StillRunning):
            return _refused("Dịch vụ đang chạy: dừng lại rồi phục hồi (systemctl stop truccam).")
        except OtherKind:
            return _refused("Bản sao lưu và database.url không cùng loại (SQLite hay PostgreSQL).")
        except NewerVersion:
            return _refused("Bản sao lưu do phiên bản Trực Cam mới hơn tạo ra.")
        except OSError as error:
            return _refused(f"Không phục hồi được: {error.strerror or type(error).__name__}.")
        print(f"Đã phục hồi bản sao lưu lúc {note.made_at}: {_contents(note)}.")
        if aside is not None:
            print(f"Dữ liệu cũ nằm ở {aside}.")
        if not note.database:
            print("Cơ sở dữ liệu PostgreSQL phải phục hồi riêng bằng pg_restore hoặc psql.")
        return 0

    with_settings(config, act)


def _places(settings: Settings) -> Places:
    if not settings.database.url.startswith(SQLITE):
        return Places(None, None, settings.paths.state)
    database, jobs = (Path(url.removeprefix(SQLITE)) for url in (settings.database.url, settings.jobs_url))
    return Places(database, jobs, settings.paths.state)


async def _note_in_the_audit_log(settings: Settings, target: Path) -> None:
    """Whoever copies every recording is seen in the log, also in the copy's."""
    store = await Store.open(settings.database.url)
    try:
        if await store.schema() is Schema.CURRENT:
            async with store.begin() as uow:
                await uow.audit.write(Entry(now(), None, "operator", "backup:make:started", target.name))
                await uow.commit()
    finally:
        await store.aclose()


def _contents(note: Note) -> str:
    originals = f"{note.originals} đoạn ghi"
    if not note.database:
        return originals
    return f"{originals}, nhật ký {note.audit_number} dòng, mã băm cuối {note.audit_hash}"


def _refused(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
