"""`recorder probe`: what a recorder is, what works on it and how fast, before it is configured."""

import asyncio
import getpass
import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from bot.bootstrap import now, recorder_settings
from bot.cli.common import Config, settings_from
from bot.cli.doctor import line_of
from bot.doctor.findings import Finding
from bot.logs import set_up
from bot.probe.probe import Probe
from bot.settings import SettingsError
from nvr_client.settings import RecorderSettings, Vendor

_USAGE = 2


def register(app: App) -> None:
    """Add the commands."""
    group = App(name="recorder", help="Đầu ghi: thăm dò một đầu ghi, kể cả khi chưa khai trong cấu hình.")
    group.command(probe)
    app.command(group)


def probe(
    host: str = "",
    *,
    name: str = "",
    vendor: Vendor = "auto",
    http_port: int = 80,
    rtsp_port: int = 554,
    username: str = "",
    password_file: Path | None = None,
    https: bool = False,
    tls_sha256: str = "",
    timezone: str = "Asia/Ho_Chi_Minh",
    output: Annotated[Path | None, Parameter(name=["-o", "--output"])] = None,
    config: Config = None,
) -> None:
    """Xem một đầu ghi là máy gì, làm được gì, nhanh chậm ra sao, giữ đoạn ghi bao nhiêu ngày.

    Parameters
    ----------
    host
        Địa chỉ của đầu ghi chưa khai trong cấu hình.
    name
        Tên của đầu ghi đã khai trong cấu hình, thay cho địa chỉ.
    vendor
        hikvision, dahua, onvif; auto: tự tìm ra, không gửi mật khẩu.
    username
        Tài khoản trên đầu ghi; bỏ trống thì hỏi.
    password_file
        Tệp có mật khẩu ở dòng đầu; bỏ trống thì hỏi, không hiện ra màn hình.
    tls_sha256
        Mã SHA-256 của chứng chỉ tự ký trên đầu ghi, cho --https.
    output
        Ghi tệp chẩn đoán đã ẩn danh (JSON) để gửi kèm báo lỗi.
    """
    # What is found is said below, once; the parts would tell it to the log as well.
    set_up("critical")
    if bool(host) == bool(name):
        raise SystemExit(_wrong("Cho địa chỉ đầu ghi, hoặc --name của đầu ghi đã khai trong cấu hình."))
    if name:
        settings = _configured(name, config)
    else:
        settings = RecorderSettings(
            name=host,
            vendor=vendor,
            host=host,
            http_port=http_port,
            rtsp_port=rtsp_port,
            username=username or _asked("Tài khoản trên đầu ghi: ", hidden=False),
            password=_password(password_file),
            timezone=timezone,
            https=https,
            tls_sha256=tls_sha256 or None,
        )
    raise SystemExit(asyncio.run(_probed(settings, output)))


async def _probed(settings: RecorderSettings, output: Path | None) -> int:
    look = Probe(settings, now, _print)
    await look.run()
    if output is not None:
        written = json.dumps(look.diagnostics(), ensure_ascii=False, indent=1) + "\n"
        try:
            await asyncio.to_thread(output.write_text, written, "utf-8")
        except OSError as error:
            return _wrong(f"Không ghi được {output} ({type(error).__name__}): chọn thư mục khác cho -o.")
        print(f"Tệp chẩn đoán (đã ẩn danh): {output}")
    print(f"Có {look.wrong} chỗ cần sửa." if look.wrong else "Không có gì phải sửa.")
    return 1 if look.wrong else 0


def _print(finding: Finding) -> None:
    print(line_of(finding), flush=True)


def _configured(name: str, config: Path | None) -> RecorderSettings:
    settings = settings_from(config)
    set_up("critical")
    try:
        recorders = {recorder.name: recorder for recorder in recorder_settings(settings)}
    except SettingsError as error:
        raise SystemExit(_wrong("\n".join(error.problems))) from error
    if name not in recorders:
        known = ", ".join(recorders) or "chưa có đầu ghi nào"
        raise SystemExit(_wrong(f"Cấu hình không có đầu ghi {name}. Đang có: {known}."))
    return recorders[name]


def _password(file: Path | None) -> str:
    if file is None:
        return _asked("Mật khẩu: ", hidden=True)
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(_wrong(f"Không đọc được tệp mật khẩu {file} ({type(error).__name__}).")) from error
    if not lines or not lines[0]:
        raise SystemExit(_wrong(f"Tệp mật khẩu {file} trống."))
    return lines[0]


def _asked(question: str, *, hidden: bool) -> str:
    if not sys.stdin.isatty():
        raise SystemExit(_wrong("Không có bàn phím để hỏi: dùng --username và --password-file."))
    try:
        answer = getpass.getpass(question) if hidden else input(question)
    except (EOFError, KeyboardInterrupt) as error:
        raise SystemExit(_wrong("Đã dừng.")) from error
    if not answer:
        raise SystemExit(_wrong("Chưa nhập gì."))
    return answer


def _wrong(words: str) -> int:
    print(words, file=sys.stderr)
    return _USAGE
