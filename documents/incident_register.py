"""The register of incidents (sổ theo dõi sự việc) as a workbook, one line an incident."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One incident as the register shows it; words are neutral and name pupils by initials already."""

    code: str
    happened_at: datetime
    reported_at: datetime | None
    reporter: str
    level: int
    kind: str
    place: str
    text: str
    told: str
    called: str
    taken_by: str
    taken_at: datetime | None
    footage: str
    state: str
    closed_at: datetime | None
    result: str


_COLUMNS = (
    ("STT", 6),
    ("Mã", 14),
    ("Xảy ra lúc", 17),
    ("Báo lúc", 17),
    ("Người báo", 16),
    ("Mức", 6),
    ("Loại sự việc", 22),
    ("Nơi", 24),
    ("Nội dung", 48),
    ("Đã báo cho", 28),
    ("Đã gọi", 12),
    ("Người nhận", 16),
    ("Nhận lúc", 17),
    ("Hình ảnh ghi nhận", 28),
    ("Tình trạng", 16),
    ("Đóng lúc", 17),
    ("Kết quả", 40),
)


def incident_register(lines: Sequence[RegisterLine], titles: Sequence[str]) -> bytes:
    """The register as an XLSX file; `titles` stand above it. Times are shown as they are given."""
    rows = [
        (
            number,
            line.code,
            line.happened_at,
            line.reported_at,
            line.reporter,
            line.level,
            line.kind,
            line.place,
            line.text,
            line.told,
            line.called,
            line.taken_by,
            line.taken_at,
            line.footage,
            line.state,
            line.closed_at,
            line.result,
        )
        for number, line in enumerate(lines, start=1)
    ]
    from documents.workbook import workbook  # noqa: PLC0415 - openpyxl takes 15 MiB, and few ask for a register

    return workbook("Sổ sự việc", titles, _COLUMNS, rows)
