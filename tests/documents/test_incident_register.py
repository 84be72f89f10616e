"""The register is a workbook that spreadsheets open, and no typed word becomes a formula."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from documents.incident_register import RegisterLine, incident_register
from documents.workbook import workbook

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 23, 10, 20, tzinfo=HANOI)


def line(text: str) -> RegisterLine:
    return RegisterLine(
        code="SC-2026-0031",
        happened_at=AT,
        reported_at=AT,
        reporter="Anh Sơn",
        level=4,
        kind="xô xát, đánh nhau",
        place="C03 Nhà xe học sinh",
        text=text,
        told="Cô Hằng, Thầy Quang",
        called="115",
        taken_by="Thầy Quang",
        taken_at=AT,
        footage="C03 10:10–10:30",
        state="đang xử lý",
        closed_at=None,
        result="",
    )


def cells(data: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_titles_headings_and_a_line_an_incident() -> None:
    rows = cells(incident_register([line("đánh nhau"), line("cháy")], ("Trường THCS Ngọc Lâm", "SỔ")))
    assert [rows[0][0], rows[1][0]] == ["Trường THCS Ngọc Lâm", "SỔ"]
    assert rows[2][:3] == ["STT", "Mã", "Xảy ra lúc"]
    assert [row[0] for row in rows[3:]] == [1, 2]
    assert rows[3][8] == "đánh nhau"


def test_a_moment_stands_as_the_wall_clock_tells_it() -> None:
    (row,) = cells(workbook("x", (), (("a", 5),), [(AT,)]))[1:]
    assert row == [datetime(2026, 11, 23, 10, 20)]  # noqa: DTZ001 - a sheet knows no zones


@pytest.mark.parametrize("typed", ["=1+1", "+84", "@SUM(A1)", '<b>&"x"', "\x00\x07\ud800", "dòng 1\ndòng 2"])
def test_what_a_person_typed_stays_text(typed: str) -> None:
    data = incident_register([line(typed)], ())
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    shown = cells(data)[1][8]
    assert shown == typed.replace("\x00", "").replace("\x07", "").replace("\ud800", "?")


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="cells than columns"):
        workbook("x", (), (("a", 5),), [(1, 2)])
