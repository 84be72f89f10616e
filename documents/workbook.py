"""A sheet of text, numbers and moments as an XLSX file that Excel, LibreOffice and a phone open."""

import io
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | datetime | None
"""A moment is shown as its wall clock tells it, whatever its zone."""

_LONGEST_CELL = 32_767  # Excel refuses a file with a longer one
_FACE = "Times New Roman"
_LINE = Side(style="thin")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TOP_LEFT = Alignment(vertical="top", wrap_text=True)


def workbook(
    name: str, titles: Sequence[str], columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Cell]]
) -> bytes:
    """One sheet.

    Args:
        name: of the sheet, at most 31 characters without brackets, colon, star, question mark and slashes.
        titles: lines above the table.
        columns: heading and width in characters.
        rows: as many cells as columns each.

    Raises:
        ValueError: a row has another number of cells than there are columns.
    """
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("a row with more or fewer cells than columns")
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    top = len(titles) + 1
    sheet.freeze_panes = f"A{top + 1}"
    for number, title in enumerate(titles, start=1):
        _put(sheet, number, 1, title).font = Font(name=_FACE, size=14, bold=True)
    for number, (heading, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        _framed(_put(sheet, top, number, heading), Font(name=_FACE, size=11, bold=True))
    plain = Font(name=_FACE, size=11)
    for number, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row, start=1):
            _framed(_put(sheet, number, column, value), plain)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> SheetCell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, SheetCell)  # noqa: S101 - only a merged cell is another kind, and none is merged
    match value:
        case str():
            allowed = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL]
            cell.value = allowed.encode(errors="replace").decode()
            cell.data_type = "s"  # what begins like a formula stays text
        case datetime():
            cell.value = value.replace(tzinfo=None)
            cell.number_format = "hh:mm dd/mm/yyyy"
        case _:
            cell.value = value
    return cell


def _framed(cell: SheetCell, font: Font) -> None:
    cell.font, cell.border, cell.alignment = font, _FRAME, _TOP_LEFT
