"""`doctor`: what is wrong, and what to do about it."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from bot.cli.common import DEFAULT_CONFIG, Config
from bot.doctor.examination import examine, not_usable
from bot.doctor.findings import Finding, State
from bot.logs import set_up
from bot.settings import SettingsError, load

_WORDS = {State.OK: "ĐẠT", State.NOTE: "LƯU Ý", State.WRONG: "LỖI", State.SKIPPED: "BỎ QUA"}


def register(app: App) -> None:
    """Add the command."""
    app.command(doctor)


def doctor(
    *, as_json: Annotated[bool, Parameter(name="--json", negative="")] = False, config: Config = None
) -> None:
    """Kiểm tra cấu hình, cơ sở dữ liệu, đầu ghi, Telegram, đồng hồ, ổ đĩa, ffmpeg; chỉ cách sửa.

    Parameters
    ----------
    as_json
        In JSON cho chương trình khác đọc.
    """
    # What is found is said below, once; the parts would tell it to the log as well.
    set_up("critical")
    findings = _findings(config or Path(os.environ.get("TRUCCAM_CONFIG", DEFAULT_CONFIG)))
    wrong = sum(finding.state is State.WRONG for finding in findings)
    if as_json:
        print(json.dumps({"ok": not wrong, "checks": [_plain(one) for one in findings]}, ensure_ascii=False))
    else:
        for finding in findings:
            print(line_of(finding))
        print(f"Có {wrong} chỗ cần sửa." if wrong else "Không có gì phải sửa.")
    raise SystemExit(1 if wrong else 0)


def line_of(finding: Finding) -> str:
    """One finding as a person reads it."""
    advice = f" → {finding.advice}" if finding.advice else ""
    return f"{_WORDS[finding.state]:<6}  {finding.about}: {finding.told}{advice}"


def _findings(config: Path) -> list[Finding]:
    try:
        settings = load(config, os.environ)
    except SettingsError as error:
        return not_usable(error.problems)
    return asyncio.run(examine(settings))


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "about": finding.about,
        "state": finding.state.value,
        "told": finding.told,
        "advice": finding.advice,
    }
