"""The streams that a device lists in its Media service (Profile S) and its Media2 service (Profile T).

Media cannot tell of H.265: a device may list only the small streams of a camera there, or the camera not at
all, and everything in Media2. So both are asked, and each stream is asked for where it was listed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from nvr_client._vendors.onvif.bare import operation
from nvr_client._vendors.onvif.soap import Soap, path_of
from nvr_client.errors import BadAnswer, NotSupported

MEDIA, MEDIA2 = "media", "media2"
_SPACES = {
    MEDIA: "http://www.onvif.org/ver10/media/wsdl",
    MEDIA2: "http://www.onvif.org/ver20/media/wsdl",
}
_RTSP = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}


@dataclass(frozen=True, slots=True)
class Profile:
    """One stream of one video source; `names` are what the device calls it, the most telling first."""

    service: str
    token: str
    source: str
    configuration: str
    names: tuple[str, ...]
    pixels: int


class Profiles:
    """Asks one device for its streams."""

    def __init__(self, soap: Soap) -> None:
        self._soap = soap
        self._captions = True

    async def fetch(self) -> list[Profile]:
        """Every stream with a video source.

        Raises:
            NotSupported: the device has no media service.
        """
        found: list[Profile] = []
        problem: NotSupported | BadAnswer | None = None
        if await self._soap.offers(MEDIA):
            try:
                rows = await self._soap.call(MEDIA, "GetProfiles") or []
                found += [profile for row in rows if (profile := _of_media(row)) is not None]
            except (NotSupported, BadAnswer) as error:
                problem = error
        if await self._soap.offers(MEDIA2):
            asked = operation(
                _SPACES[MEDIA2], "GetProfiles", ("Type", "VideoSource"), ("Type", "VideoEncoder")
            )
            try:
                told = await self._soap.call_bare(MEDIA2, asked)
                found += [profile for row in told if (profile := _of_media2(row)) is not None]
            except (NotSupported, BadAnswer) as error:
                problem = problem or error
        if not found and problem is not None:
            raise problem
        if not found and not await self._soap.offers(MEDIA) and not await self._soap.offers(MEDIA2):
            raise NotSupported("the recorder has no media service")
        return found

    async def captions(self) -> dict[str, str]:
        """Configuration token -> the text that the device writes into that picture; {} where none."""
        if not self._captions:
            return {}
        texts: dict[str, str] = {}
        for service in (MEDIA, MEDIA2):
            if not texts and await self._soap.offers(service):
                try:
                    told = await self._soap.call_bare(service, operation(_SPACES[service], "GetOSDs"))
                except (NotSupported, BadAnswer):
                    continue
                for row in told.iter("OSDs"):
                    text = row.findtext("TextString/PlainText", "").strip()
                    if text:
                        texts.setdefault(row.findtext("VideoSourceConfigurationToken", ""), text)
        self._captions = bool(texts)
        return texts

    async def stream_path(self, service: str, token: str) -> str:
        """Path and query of the live video of a stream."""
        if service == MEDIA2:
            asked = operation(_SPACES[MEDIA2], "GetStreamUri", ("Protocol", "RTSP"), ("ProfileToken", token))
            return _path((await self._soap.call_bare(MEDIA2, asked)).findtext("Uri"))
        answer = await self._soap.call(MEDIA, "GetStreamUri", StreamSetup=_RTSP, ProfileToken=token)
        return _path(getattr(answer, "Uri", None))

    async def picture_path(self, service: str, token: str) -> str:
        """Path and query of the picture of a stream."""
        if service == MEDIA2:
            asked = operation(_SPACES[MEDIA2], "GetSnapshotUri", ("ProfileToken", token))
            return _path((await self._soap.call_bare(MEDIA2, asked)).findtext("Uri"))
        answer = await self._soap.call(MEDIA, "GetSnapshotUri", ProfileToken=token)
        return _path(getattr(answer, "Uri", None))


def _of_media(row: Any) -> Profile | None:
    configuration = row.VideoSourceConfiguration
    source = getattr(configuration, "SourceToken", None)
    if not source or not row.token:
        return None
    resolution = getattr(row.VideoEncoderConfiguration, "Resolution", None)
    pixels = (resolution.Width or 0) * (resolution.Height or 0) if resolution is not None else 0
    names = _clean((configuration.Name, row.Name))
    return Profile(MEDIA, row.token, source, configuration.token or "", names, pixels)


def _of_media2(row: ET.Element) -> Profile | None:
    configuration = row.find("Configurations/VideoSource")
    source = "" if configuration is None else configuration.findtext("SourceToken", "").strip()
    token = row.get("token")
    if configuration is None or not source or not token:
        return None
    size = [
        row.findtext(f"Configurations/VideoEncoder/Resolution/{side}", "") for side in ("Width", "Height")
    ]
    pixels = int(size[0]) * int(size[1]) if all(re.fullmatch(r"\d{1,6}", side) for side in size) else 0
    names = _clean((configuration.findtext("Name"), row.findtext("Name")))
    return Profile(MEDIA2, token, source, configuration.get("token", ""), names, pixels)


def _clean(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(name.strip() for name in names if name and name.strip())


def _path(address: str | None) -> str:
    if not address or not address.strip():
        raise BadAnswer("the recorder gave no address")
    return path_of(address)
