"""An anonymised account of what one recorder answered: for a bug report, and for tests as it is.

JSON: `format`, `version`, `made` (UTC), `vendor`, `timezone`, `device` (model, firmware), `results` (what the
client made of the answers) and `exchanges` in the order in which they were asked. Of an exchange that is no
text, only its length and how a video begins are told; pictures are never in it. No request header is told, so
no login is.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nvr_client.anonymous import Anonymous, short_hash
from nvr_client.observing import Exchange
from nvr_client.protocol import Channel, Clock, Device, Span
from nvr_client.settings import RecorderSettings

FORMAT = "recorder-diagnostics"
VERSION = 1
_HEADERS = ("content-type", "content-length", "transfer-encoding", "www-authenticate", "server", "location")
_HEAD_BYTES = 16


class Account:
    """Gathers what is told of one recorder.

    Attributes:
        exchanges: what was asked; hand `exchanges.append` in as `RecorderSettings.observer`.
        device: who the recorder says it is, once known.
        channels: its cameras, once known.
        clock: its clock, once known.
        searches: what was found recorded, by channel and asked span.
        measured: further results under names of their own: numbers, words of the program, no names.
    """

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.device: Device | None = None
        self.channels: list[Channel] = []
        self.clock: Clock | None = None
        self.searches: list[tuple[int, Span, list[Span]]] = []
        self.measured: dict[str, Any] = {}

    def document(self, settings: RecorderSettings, vendor: str, made: datetime) -> dict[str, Any]:
        """The account as JSON's types.

        Args:
            settings: how the recorder was reached; nothing of it but the time zone is told.
            vendor: the language it speaks, "" where it is not known.
            made: when it began, aware.
        """
        anonymous = Anonymous(
            secrets=(settings.password, settings.username),
            host=settings.host,
            serial=self.device.serial if self.device else "",
            cameras=[(channel.number, channel.name) for channel in self.channels],
        )
        exchanges = [_exchange(one, anonymous) for one in self.exchanges]
        return {
            "format": FORMAT,
            "version": VERSION,
            "made": made.astimezone(UTC).isoformat(),
            "vendor": vendor,
            "timezone": settings.timezone,
            "device": _device(self.device, anonymous),
            "results": self._results(anonymous),
            "exchanges": exchanges,
        }

    def _results(self, anonymous: Anonymous) -> dict[str, Any]:
        results: dict[str, Any] = {
            "channels": [
                {"number": one.number, "name": anonymous.name(one.name), "online": one.online}
                for one in self.channels
            ],
            "searches": [
                {"channel": channel, "asked": _span(asked), "found": [_span(one) for one in found]}
                for channel, asked, found in self.searches
            ],
        }
        if self.device is not None:
            results["serial"] = short_hash(self.device.serial)
        if self.clock is not None:
            results["clock_offset_seconds"] = round(self.clock.offset.total_seconds(), 1)
        return results | self.measured


def _device(device: Device | None, anonymous: Anonymous) -> Mapping[str, str]:
    if device is None:
        return {}
    return {"model": anonymous.text(device.model), "firmware": anonymous.text(device.firmware)}


def _span(span: Span) -> list[str]:
    return [span.start.astimezone(UTC).isoformat(), span.end.astimezone(UTC).isoformat()]


def _exchange(one: Exchange, anonymous: Anonymous) -> dict[str, Any]:
    told: dict[str, Any] = {"method": one.method, "target": anonymous.text(one.target)}
    if one.sent:
        told["sent"] = anonymous.text(one.sent.decode("utf-8", "replace"))
    told |= {
        "status": one.status,
        "milliseconds": one.milliseconds,
        "headers": {name: anonymous.text(one.headers[name]) for name in _HEADERS if name in one.headers},
        "size_bytes": one.size_bytes,
    }
    if one.is_text or _looks_like_text(bytes(one.body), one.size_bytes):
        told["body"] = anonymous.text(one.body.decode("utf-8", "replace"))
    elif not one.body.startswith(b"\xff\xd8"):
        told["begins_hex"] = bytes(one.body[:_HEAD_BYTES]).hex()
    return told


def _looks_like_text(body: bytes, size_bytes: int) -> bool:
    """A short answer that forgot to say what it is; a cut one may end within a character and is none."""
    if len(body) != size_bytes:
        return False
    try:
        return body.decode("utf-8").replace("\r", "").replace("\n", "").replace("\t", "").isprintable()
    except UnicodeDecodeError:
        return False
