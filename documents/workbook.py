"""A sheet of text, numbers and moments as an XLSX file that Excel, LibreOffice and a phone open.

Written with the standard library alone: a register needs one sheet, a heading and frozen column names.
Source: ECMA-376, part 1 (SpreadsheetML), sections 18.2 and 18.3.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

Cell = str | int | float | datetime | None
"""A moment is shown as its wall clock tells it, whatever its zone."""

_LONGEST_CELL = 32_767  # Excel refuses a file with a longer one
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - the sheet's own epoch has no zone
_TITLE, _HEAD, _WRAPPED, _MOMENT = 1, 2, 3, 4
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
_ROOT = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_PARTS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
_ALIGNED = '<alignment vertical="top" wrapText="1"/>'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="hh:mm dd/mm/yyyy"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Times New Roman"/></font>'
    '<font><b/><sz val="14"/><name val="Times New Roman"/></font>'
    '<font><b/><sz val="11"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/>'
    '</border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/>'
    '<xf fontId="1" applyFont="1"/>'
    f'<xf fontId="2" borderId="1" applyFont="1" applyBorder="1" applyAlignment="1">{_ALIGNED}</xf>'
    f'<xf borderId="1" applyBorder="1" applyAlignment="1">{_ALIGNED}</xf>'
    '<xf numFmtId="164" borderId="1" applyNumberFormat="1" applyBorder="1" applyAlignment="1">'
    f"{_ALIGNED}</xf></cellXfs></styleSheet>"
)


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
    lines: list[list[tuple[Cell, int]]] = [[(title, _TITLE)] for title in titles]
    lines.append([(heading, _HEAD) for heading, _width in columns])
    lines += [[(cell, _MOMENT if isinstance(cell, datetime) else _WRAPPED) for cell in row] for row in rows]
    top = len(titles) + 1
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, (_heading, width) in enumerate(columns, start=1)
    )
    body = "".join(
        f'<row r="{number}">{"".join(_cell(cell, style) for cell, style in line)}</row>'
        for number, line in enumerate(lines, start=1)
    )
    sheet = (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>{body}</sheetData>"
        '<pageSetup orientation="landscape" paperSize="9" fitToHeight="0"/></worksheet>'
    )
    book = (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for place, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _ROOT),
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", _PARTS),
            ("xl/styles.xml", _STYLES),
            ("xl/worksheets/sheet1.xml", sheet),
        ):
            file.writestr(place, text)
    return out.getvalue()


def _cell(value: Cell, style: int) -> str:
    match value:
        case None:
            return f'<c s="{style}"/>'
        case datetime():
            days = (value.replace(tzinfo=None) - _EPOCH).total_seconds() / 86_400
            return f'<c s="{style}"><v>{days:.8f}</v></c>'
        case int() | float():
            return f'<c s="{style}"><v>{value}</v></c>'
        case _:
            return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_plain(value)}</t></is></c>'


def _plain(text: str) -> str:
    """Text that XML can hold; it stays text, also where it begins like a formula."""
    allowed = "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= ord(" "))
    return escape(allowed[:_LONGEST_CELL].encode(errors="replace").decode())
