"""`retention`: how long footage is kept, as it was measured last; on the screen or into a file."""

import csv
import io
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from bot.bootstrap import School, now, school
from bot.cli.common import Config, with_settings
from bot.settings import Settings
from domain.audit import Entry
from domain.retention import Report
from handlers.retention import not_yet
from handlers.retention_report import figure_lines, read_report, recorder_lines
from handlers.retention_table import Cell, Table, level_of, table_of

CsvFile = Annotated[Path | None, Parameter(name="--csv")]
XlsxFile = Annotated[Path | None, Parameter(name="--xlsx")]


def register(app: App) -> None:
    """Add the command."""
    app.command(retention)


def retention(*, csv_file: CsvFile = None, xlsx_file: XlsxFile = None, config: Config = None) -> None:
    """Số ngày còn lưu đoạn ghi của từng camera, theo lần đo gần nhất.

    Parameters
    ----------
    csv_file
        Ghi bảng từng ngày ra tệp CSV.
    xlsx_file
        Ghi bảng từng ngày ra tệp Excel.
    """

    async def act(settings: Settings) -> int:
        async with school(settings) as one:
            async with one.store.reading() as uow:
                report = await read_report(uow, one.tools)
                states = [state for _, state in sorted((await uow.retention.recorders()).items())]
            if report.measured_at is None:
                print(one.tools.phrase(not_yet(), "vi"), file=sys.stderr)
                return 1
            table = table_of(one.tools, report, "vi")
            for path, data in _files(one, table, csv_file, xlsx_file):
                try:
                    path.write_bytes(data)
                except OSError as error:
                    print(f"Không ghi được {path} ({type(error).__name__}).", file=sys.stderr)
                    return 1
                print(f"-> {path}")
            if csv_file is None and xlsx_file is None:
                _print(one, report)
                for line in [*recorder_lines(states), *figure_lines(one.tools, report, states)]:
                    print(one.tools.phrase(line, "vi"))
            await _audit(one, len(report.cameras))
        return 0

    with_settings(config, act)


def _files(one: School, table: Table, as_csv: Path | None, as_xlsx: Path | None) -> list[tuple[Path, bytes]]:
    files: list[tuple[Path, bytes]] = []
    if as_csv is not None:
        files.append((as_csv, _csv(table)))
    if as_xlsx is not None:
        from documents.workbook import workbook  # noqa: PLC0415 - as in documents/incident_register.py

        titles = (one.tools.school, "Số ngày còn lưu đoạn ghi, số phút đã ghi theo ngày (Điều 5)")
        files.append((as_xlsx, workbook("Lưu trữ", titles, table.columns, table.rows)))
    return files


def _csv(table: Table) -> bytes:
    """UTF-8 with a mark at its beginning, which Excel needs to show Vietnamese."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([heading for heading, _width in table.columns])
    writer.writerows([[_plain(cell) for cell in row] for row in table.rows])
    return lines.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | int | float:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return "" if cell is None else cell


def _print(one: School, report: Report) -> None:
    for kept in report.cameras:
        label = one.tools.cameras.by_code(kept.code).label
        days = "?" if kept.kept is None else f"{kept.shown_days:.1f}".replace(".", ",")
        print(f"{label:<34} {days:>6} ngày  {one.tools.phrase(level_of(kept, report), 'vi')}")


async def _audit(one: School, cameras: int) -> None:
    async with one.store.begin() as uow:
        entry = Entry(now(), None, "operator", "retention:all:shown", "all", details={"cameras": cameras})
        await uow.audit.write(entry)
        await uow.commit()
