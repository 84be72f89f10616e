"""Telegram: reached (through the proxy), the token, how updates come."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.channels.telegram.examination import Examined, TelegramUnreachable, TokenRefused, examine
from bot.doctor.findings import Finding, Subject
from bot.settings import Telegram

_REACHED = Subject("telegram", "Telegram")
_UPDATES = Subject("telegram:updates", "Telegram, nhận tin")
_SLOW = timedelta(seconds=2)


async def telegram(
    settings: Telegram, public_url: str, now: Callable[[], datetime]
) -> tuple[list[Finding], timedelta | None]:
    """Every finding about the bot, and this machine's clock minus Telegram's where it told."""
    token = settings.token.get_secret_value()
    if not token:
        lost = _REACHED.wrong(
            "chưa bật, nên chưa ai nhắn được cho trợ lý",
            "xin token ở @BotFather, điền telegram.token_file",
        )
        return [lost], None
    try:
        found = await examine(token, settings.api_base, settings.proxy, now)
    except TokenRefused:
        lost = _REACHED.wrong(
            "token không đúng hoặc đã bị thu hồi", "lấy lại token ở @BotFather, thay trong tệp của token_file"
        )
    except TelegramUnreachable as error:
        lost = _unreachable(settings, error.why)
    else:
        return [_reached(settings, found), _updates(settings.mode, public_url, found)], found.clock_offset
    return [lost, _UPDATES.skipped("chưa xem được")], None


def _host(url: str) -> str:
    """Host and port of an address, without the name and password that may stand before them."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _unreachable(settings: Telegram, why: str) -> Finding:
    where = _host(settings.api_base)
    if settings.proxy:
        return _REACHED.wrong(
            f"không tới được {where} qua proxy {_host(settings.proxy)} ({why})",
            "xem proxy có chạy không, telegram.proxy có đúng không",
        )
    return _REACHED.wrong(
        f"không tới được {where} ({why})",
        "xem máy có ra Internet không; mạng chặn Telegram thì điền telegram.proxy",
    )


def _reached(settings: Telegram, found: Examined) -> Finding:
    way = f" qua proxy {_host(settings.proxy)}" if settings.proxy else ""
    milliseconds = found.latency / timedelta(milliseconds=1)
    told = f"bot @{found.username}, trả lời sau {milliseconds:.0f} ms{way}"
    if found.latency > _SLOW:
        return _REACHED.note(told, "mạng chậm; trợ lý vẫn chạy nhưng trả lời lâu")
    return _REACHED.ok(told)


def _updates(mode: str, public_url: str, found: Examined) -> Finding:
    ours = bool(public_url) and found.webhook_url.startswith(f"{public_url}/telegram/")
    if mode == "polling":
        if found.webhook_url:
            return _UPDATES.note(
                f"đang có webhook ở {_host(found.webhook_url)}",
                "khi chạy, trợ lý sẽ gỡ; nếu chương trình khác đang dùng bot này, hãy tạo bot riêng",
            )
        return _UPDATES.ok(f"tự hỏi tin mới (polling), {found.waiting} tin đang chờ")
    if not found.webhook_url:
        return _UPDATES.note("webhook chưa đặt", "khi chạy, trợ lý sẽ tự đặt")
    if not ours:
        return _UPDATES.note(
            f"webhook đang ở {_host(found.webhook_url)}, không phải web.public_url",
            "khi chạy, trợ lý sẽ đặt lại",
        )
    if found.webhook_error:
        return _UPDATES.wrong(
            f"Telegram không gọi được webhook, {found.waiting} tin đang chờ: {found.webhook_error}",
            "xem dịch vụ có chạy không, và proxy ngược có đưa /telegram/ về web.listen không",
        )
    return _UPDATES.ok(f"webhook ở {_host(found.webhook_url)}, {found.waiting} tin đang chờ")
