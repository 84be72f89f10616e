"""The database: it can be reached, its tables are this version's, its audit log is whole."""

import asyncio
from pathlib import Path

from bot.doctor.findings import Finding, Subject
from bot.settings_sources import SQLITE
from storage.errors import DatabaseDamaged, DatabaseUnavailable
from storage.schema import Schema
from storage.store import Store

_PATIENCE_SECONDS = 20.0
_REACHED = Subject("database", "Cơ sở dữ liệu")
_AUDIT = Subject("audit", "Nhật ký")
_RESTORE = "dừng dịch vụ rồi phục hồi từ bản sao lưu: ./truccam restore"


async def database(url: str) -> list[Finding]:
    """Every finding about the database at `url`; nothing in it is changed."""
    kind = "SQLite" if url.startswith(SQLITE) else "PostgreSQL"
    if kind == "SQLite" and not await asyncio.to_thread(Path(url.removeprefix(SQLITE)).exists):
        return [_REACHED.note("chưa có; sẽ được tạo khi chạy lần đầu"), _AUDIT.note("chưa có dòng nào")]
    store = await Store.open(url)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            schema = await store.schema()
    except DatabaseDamaged:
        return [_REACHED.wrong("tệp đã hỏng", _RESTORE), _AUDIT.skipped("chưa xem được")]
    except (DatabaseUnavailable, TimeoutError):
        advice = "xem máy chủ PostgreSQL có chạy không và database.url có đúng không"
        if kind == "SQLite":
            advice = "xem quyền của tệp và ổ đĩa; chạy lệnh này bằng tài khoản của dịch vụ"
        return [_REACHED.wrong(f"không mở được {kind}", advice), _AUDIT.skipped("chưa xem được")]
    else:
        return [_shape(kind, schema), await _audit_log(store, schema)]
    finally:
        await store.aclose()


def _shape(kind: str, schema: Schema) -> Finding:
    match schema:
        case Schema.CURRENT:
            return _REACHED.ok(f"{kind}, đúng phiên bản")
        case Schema.EMPTY:
            return _REACHED.note(f"{kind}, còn trống; bảng sẽ được tạo khi chạy lần đầu")
        case Schema.OLDER:
            return _REACHED.wrong(
                f"{kind}, của phiên bản cũ hơn", "sao lưu rồi chạy ./truccam migrate hoặc ./truccam run"
            )
        case Schema.UNKNOWN:
            return _REACHED.wrong(
                f"{kind}, của phiên bản mới hơn hoặc của chương trình khác",
                "dùng đúng phiên bản Trực Cam, hoặc sửa database.url",
            )


async def _audit_log(store: Store, schema: Schema) -> Finding:
    if schema is Schema.EMPTY:
        return _AUDIT.note("chưa có dòng nào")
    if schema is not Schema.CURRENT:
        return _AUDIT.skipped("chưa xem được, vì cơ sở dữ liệu khác phiên bản")
    try:
        async with store.reading() as uow:
            broken_at = await uow.audit.first_break()
            end = await uow.audit.end()
    except DatabaseDamaged:
        return _AUDIT.wrong("không đọc được, tệp đã hỏng", _RESTORE)
    except DatabaseUnavailable:
        return _AUDIT.skipped("chưa đọc được, cơ sở dữ liệu đang bận")
    if broken_at is not None:
        return _AUDIT.wrong(
            f"sai từ dòng {broken_at}: có người đã sửa hoặc xóa",
            "giữ nguyên cơ sở dữ liệu, báo Hiệu trưởng, đối chiếu với bản sao lưu",
        )
    return _AUDIT.ok(f"nguyên vẹn, {end.number} dòng")
