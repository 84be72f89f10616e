"""The register is a workbook that spreadsheets open, and no typed word becomes a formula."""

import io
import zipfile
from datetime import datetime
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from documents.incident_register import RegisterLine, incident_register
from documents.workbook import workbook

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
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


def cells(data: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        for name in file.namelist():
            ET.fromstring(file.read(name))  # noqa: S314 - our own bytes
        sheet = ET.fromstring(file.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own bytes
    return [["".join(cell.itertext()) for cell in row.iter(f"{SHEET}c")] for row in sheet.iter(f"{SHEET}row")]


def test_titles_headings_and_a_line_an_incident() -> None:
    rows = cells(incident_register([line("đánh nhau"), line("cháy")], ("Trường THCS Ngọc Lâm", "SỔ")))
    assert rows[:2] == [["Trường THCS Ngọc Lâm"], ["SỔ"]]
    assert rows[2][:3] == ["STT", "Mã", "Xảy ra lúc"]
    assert [row[0] for row in rows[3:]] == ["1", "2"]
    assert rows[3][8] == "đánh nhau"
    assert len({len(row) for row in rows[2:]}) == 1


def test_a_moment_is_the_day_number_that_spreadsheets_count() -> None:
    (row,) = cells(workbook("x", (), (("a", 5),), [(AT,)]))[1:]
    assert float(row[0]) == pytest.approx(46_349 + (10 + 20 / 60) / 24, abs=1e-6)


@pytest.mark.parametrize("typed", ["=1+1", "+84", "@SUM(A1)", '<b>&"x"', "\x00\x07\ud800", "dòng 1\ndòng 2"])
def test_what_a_person_typed_stays_text(typed: str) -> None:
    data = incident_register([line(typed)], ())
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")
    shown = cells(data)[1][8]
    assert shown == typed.replace("\x00", "").replace("\x07", "").replace("\ud800", "?")


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="cells than columns"):
        workbook("x", (), (("a", 5),), [(1, 2)])
