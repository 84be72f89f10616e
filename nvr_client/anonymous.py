"""Takes out of a recorder's answers what must not leave the school; leaves what tells of the device.

Passwords, user names, addresses, serial numbers, hardware addresses, unique ids and whatever people have
named are replaced, the same thing by the same stand-in everywhere, so that an answer still refers to itself:
camera names by `C01`, serial numbers by a short hash, addresses by those that RFC 5737 and RFC 3849 keep for
documents.
"""

import hashlib
import ipaddress
import re
from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import quote

_SHORT = 4
_PRIVATE = r"user_?name|user|login_?name|password|passwd|pwd|pass|secret|e?mail\w*|phone\w*|ssid|rtspurl"
_SERIAL = r"(?:sub)?serial(?:no|number|num)?|sn|device_?id|hardwareid"
_NAMED = (
    r"name|channelname|devicename|machinename|devname|title|plaintext"
    r"|location|devicelocation|description|devicedescription"
)
_TOKEN = re.compile(r"<(?:\w+:)?Security\b.*?</(?:\w+:)?Security>", re.DOTALL)
_USERINFO = re.compile(r"(?<=://)[^\s/<>\"'@]*@")
_MAC = re.compile(
    r"(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Za-z:-])"
)
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_IPV6 = re.compile(r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:.])")
_UUID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])")
_REALM = re.compile(r'(?<=realm=")(Login to )?([^"]*)(?=")', re.IGNORECASE)
_CHALLENGE = re.compile(r'(nonce|opaque)="[^"]*"', re.IGNORECASE)
_NOBODY = frozenset({"0.0.0.0", "255.255.255.255", "::"})  # noqa: S104 - what devices write for "none"


class Anonymous:
    """Stand-ins for what one recorder and its login reveal.

    Args:
        secrets: words that appear nowhere in what comes out: the password, the user name.
        host: the recorder's name or address.
        serial: its serial number; "" where it is not known.
        cameras: channel number and name of every camera.
    """

    def __init__(
        self, *, secrets: Iterable[str], host: str, serial: str = "", cameras: Iterable[tuple[int, str]] = ()
    ) -> None:
        self._names = {
            name.strip(): f"C{number:02d}" for number, name in reversed(list(cameras)) if name.strip()
        }
        self._seen: dict[str, dict[str, str]] = {}
        self._whole: list[tuple[re.Pattern[str], str]] = []
        for secret in secrets:
            self._hide(secret, "SECRET")
        if not _IPV4.fullmatch(host):
            self._hide(host, "recorder.invalid")
        self._hide(serial, short_hash(serial))
        self._of_names = [
            (re.compile(rf"(?<=[>=\"/:]){_any_spelling(name)}(?=[<\"\r\n&]|$)"), stand_in)
            for name, stand_in in sorted(self._names.items(), key=lambda pair: -len(pair[0]))
            if len(name) >= _SHORT
        ]

    def text(self, text: str) -> str:
        """The same without what must not be told."""
        text = _TOKEN.sub("", text)
        text = _USERINFO.sub("", text)
        text = _REALM.sub(lambda found: f"{found[1] or ''}{short_hash(found[2])}", text)
        text = _CHALLENGE.sub(lambda found: f'{found[1]}="x"', text)
        for pattern, stand_in in (*self._whole, *self._of_names):
            text = pattern.sub(stand_in, text)
        text = _in_fields(_PRIVATE, lambda _: "SECRET", text)
        text = _in_fields(_SERIAL, short_hash, text)
        text = _in_fields(_NAMED, self.name, text)
        text = _MAC.sub(lambda found: self._hardware(found[0]), text)
        text = _UUID.sub(
            lambda found: self._numbered("uuid", found[0].lower(), "00000000-0000-4000-8000-{:012d}"), text
        )
        text = _IPV4.sub(lambda found: self._address(found[0]), text)
        return _IPV6.sub(lambda found: self._address(found[0]), text)

    def name(self, name: str) -> str:
        """The stand-in for what somebody has named something."""
        name = name.strip()
        if not name or name in self._names.values() or re.fullmatch(r"N\d+|SECRET|SN-\w+", name):
            return name
        return self._names.get(name) or self._numbered("name", name, "N{}")

    def _hide(self, word: str, stand_in: str) -> None:
        # A short word is part of many others; where it stands in a field of its own it is replaced anyway.
        if len(word) >= _SHORT:
            self._whole.append((re.compile(rf"(?<!\w){_any_spelling(word)}(?!\w)", re.IGNORECASE), stand_in))

    def _hardware(self, text: str) -> str:
        if text.startswith("02:00:00:00:00:"):
            return text
        return self._numbered("mac", text.lower(), "02:00:00:00:00:{:02x}")

    def _address(self, text: str) -> str:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return text
        if text in _NOBODY or text.startswith(("255.", "192.0.2.", "2001:db8:")):
            return text
        form = "192.0.2.{}" if isinstance(address, ipaddress.IPv4Address) else "2001:db8::{:x}"
        return self._numbered(form, text, form)

    def _numbered(self, kind: str, value: str, form: str) -> str:
        seen = self._seen.setdefault(kind, {})
        return seen.setdefault(value, form.format(len(seen) + 1))


def short_hash(text: str) -> str:
    """A stand-in that tells serial numbers apart and is none: "SN-1a2b3c4d"; "" for nothing."""
    if not text or re.fullmatch(r"SN-[0-9a-f]{8}", text):
        return text
    return "SN-" + hashlib.sha256(text.encode()).hexdigest()[:8]


def _any_spelling(word: str) -> str:
    """A pattern for a word as it is, in XML and in addresses."""
    spellings = {word, escape(word), escape(word, quote=False), quote(word), quote(word, safe="")}
    return "(?:" + "|".join(re.escape(one) for one in sorted(spellings, key=len, reverse=True)) + ")"


def _in_fields(names: str, stand_in: Callable[[str], str], text: str) -> str:
    """Replace the values of fields with these names: XML elements, `key=value` lines, JSON strings."""
    for pattern in (
        rf"(?i)(<(?:[\w.-]+:)?(?:{names})(?:\s[^<>]*)?>)([^<]+)(?=</)",
        rf"(?im)(^[^=<>\r\n]*?(?<![A-Za-z])(?:{names})=)([^\r\n]+)",
        rf"(?i)(\"(?:{names})\"\s*:\s*\")((?:[^\"\\]|\\.)+)(?=\")",
    ):
        text = re.sub(pattern, lambda found: found[1] + stand_in(found[2]), text)
    return text
