"""The real service in the morning: it measures, tells whoever must know, once, and shows it outside too."""

import csv
import io
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
from openpyxl import load_workbook

from simulator.clock import ZONE
from tests.end_to_end.outside import Outside, outside


def now() -> datetime:
    return datetime.now(ZONE)


async def test_the_summary_comes_once_although_the_service_is_killed(
    tmp_path: Path,
) -> None:
    async with outside(tmp_path) as one:
        one.recorder.switches.bad_disk = 2
        await one.start()
        principal = await one.enrolled("principal", "Hằng", 1)
        staff = await one.enrolled("it", "Dũng", 2)
        teacher = await one.enrolled("teacher", "Lan", 3)
        await one.stop()
        one.write_settings(summary_at=f"{now():%H:%M}", measure_at="00:00")
        await one.start()
        summary = await principal.wait_for("Bản tin camera", 60)
        await staff.wait_for("Bản tin camera", 60)
        chart = await principal.wait_for(lambda message: message.kind == "photo", 60, after=summary)
        assert chart.media.startswith((b"\x89PNG", b"\xff\xd8"))
        assert "Ổ cứng hdd2 của dau-ghi-1 báo lỗi" in summary.text

        await one.kill()
        await one.start()
        asked = await principal.say("/luutru cổng chính")
        await principal.wait_for("còn lưu 21", 60, after=asked)
        for phone in (principal, staff):
            assert len([message for message in phone.messages if "Bản tin camera" in message.text]) == 1
        assert not [message for message in teacher.messages if "Bản tin" in message.text]

        await _looked_at_from_outside(one.web)
        await _written_to_files(one, tmp_path)


async def _looked_at_from_outside(web: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{web}/metrics") as response:
        figures = dict(line.rsplit(" ", 1) for line in (await response.text()).splitlines() if line[0] != "#")
    assert 21 <= float(figures["truccam_retention_lowest_days"]) < 21.1
    assert float(figures["truccam_retention_cameras_below"]) == 0


async def _written_to_files(one: Outside, folder: Path) -> None:
    status, out, _ = await one.command("retention")
    assert status == 0
    assert "C01 Cổng chính" in out
    assert "21," in out
    table, book = folder / "luu-tru.csv", folder / "luu-tru.xlsx"
    status, _, err = await one.command("retention", "--csv", str(table), "--xlsx", str(book))
    assert (status, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"))))
    yesterday = now() - timedelta(days=1)
    assert {row["Mã"] for row in rows} >= {"C01"}
    assert {row[f"{yesterday:%d/%m}"] for row in rows if row["Mã"] == "C01"} == {"1440"}
    cells = [cell.value for row in load_workbook(book).worksheets[0].iter_rows() for cell in row]
    assert "Cổng chính" in cells
    with closing(sqlite3.connect(folder / "var" / "truccam.db")) as database:
        log = database.execute("SELECT role FROM audit WHERE what = 'retention:all:shown'").fetchall()
    assert log == [("operator",), ("operator",)]


async def test_the_shell_says_so_where_nothing_was_measured(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        status, out, err = await one.command("retention")
        assert (status, out) == (1, "")
        assert "Chưa đo" in err
