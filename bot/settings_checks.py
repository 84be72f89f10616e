"""What single settings must look like: each check gives the value back or raises `ValueError`."""

import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LARGEST_PORT = 65_535


def time_zone(name: str) -> str:
    """A zone of the tz database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            "không có múi giờ này; ví dụ Asia/Ho_Chi_Minh (no such time zone, e.g. Asia/Ho_Chi_Minh)"
        ) from error
    return name


def web_url(value: str) -> str:
    """`http://` or `https://` and a host; without a slash at the end."""
    return _url(value, ("http", "https")).rstrip("/")


def proxy_url(value: str) -> str:
    """Empty, or a proxy's address."""
    return _url(value, ("http", "https", "socks5", "socks5h")) if value else value


def database_url(value: str) -> str:
    """`sqlite:///file` or `postgresql://...`."""
    if value.startswith("sqlite:///") and len(value) > len("sqlite:///"):
        return value
    if value.startswith(("postgresql://", "postgres://")):
        return value
    raise ValueError(
        "cần sqlite:///đường-dẫn hoặc postgresql://… (must be sqlite:///path or postgresql://...)"
    )


def host_name(value: str) -> str:
    """A host name or an IP address alone."""
    if not value or any(sign in value for sign in "/@ ") or value.count(":") == 1:
        raise ValueError(
            "chỉ điền địa chỉ máy, không kèm http:// hay số cổng (a host alone, without http:// or a port)"
        )
    return value


def fingerprint(value: str) -> str:
    """Empty, or a certificate's SHA-256 in hex, with or without colons; gives plain lower-case hex."""
    plain = value.replace(":", "").lower()
    if plain and not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise ValueError("cần mã SHA-256 gồm 64 chữ số hex (must be a SHA-256 of 64 hex digits)")
    return plain


def listen_address(value: str) -> str:
    """`host:port`."""
    host, colon, port = value.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) <= _LARGEST_PORT):
        raise ValueError("cần dạng địa-chỉ:cổng, ví dụ 127.0.0.1:8443 (must be host:port)")
    return value


def clock_time(value: str) -> str:
    """A time of day such as 06:30."""
    if not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError("cần giờ dạng 06:30 (must be a time such as 06:30)")
    return value


def clock_times(value: str) -> str:
    """Times of day with commas between them, earliest first; or empty."""
    times = [clock_time(one.strip()) for one in value.split(",")] if value.strip() else []
    if times != sorted(set(times)):
        raise ValueError("các giờ phải khác nhau và xếp từ sớm đến muộn (must be in order, each once)")
    return ", ".join(times)


def _url(value: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid:
        raise ValueError(
            f"cần một địa chỉ bắt đầu bằng {schemes[0]}:// hoặc {schemes[1]}:// (must be a full address)"
        )
    return value
