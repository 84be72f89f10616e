"""Which camera is channel 3, and where its video and pictures are.

One camera is one video source; its profiles are grouped by the source of their configuration. Channels are
numbered by the figures in the sources' tokens, so that a camera that is removed moves no other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nvr_client._vendors.onvif.soap import Soap, path_of
from nvr_client.errors import BadAnswer, NotSupported

_RTSP = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
_MOST_CHANNELS = 512
_FIGURES = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera; `tokens` are all by which the device may name it, `profile` is its best stream."""

    number: int
    name: str
    source: str
    profile: str
    tokens: frozenset[str]


class Cameras:
    """The cameras of one device."""

    def __init__(self, soap: Soap) -> None:
        self._soap = soap
        self._known: dict[int, Camera] = {}
        self._streams: dict[int, str] = {}
        self._pictures: dict[int, str] = {}

    async def fetch(self) -> list[Camera]:
        """Every camera that the device has now, by number."""
        profiles = await self._soap.call("media", "GetProfiles") or []
        by_source: dict[str, list[Any]] = {}
        for profile in profiles:
            source = getattr(profile.VideoSourceConfiguration, "SourceToken", None)
            if source:
                by_source.setdefault(source, []).append(profile)
        sources = list(by_source)
        found = {
            number: _camera(number, source, by_source[source])
            for number, source in zip(numbers(sources), sources, strict=True)
        }
        self._known = found
        return [found[number] for number in sorted(found)]

    async def known(self) -> list[Camera]:
        """Every camera, as the device told it before."""
        return [self._known[number] for number in sorted(self._known)] if self._known else await self.fetch()

    async def one(self, channel: int) -> Camera:
        """One camera; raises `NotSupported` where there is no such channel."""
        if channel not in self._known:
            await self.fetch()
        try:
            return self._known[channel]
        except KeyError as error:
            raise NotSupported("the recorder has no such channel") from error

    async def stream_path(self, channel: int) -> str:
        """Path and query of the live stream of a channel."""
        if channel not in self._streams:
            camera = await self.one(channel)
            answer = await self._soap.call(
                "media", "GetStreamUri", StreamSetup=_RTSP, ProfileToken=camera.profile
            )
            self._streams[channel] = _path_in(answer)
        return self._streams[channel]

    async def picture_path(self, channel: int) -> str:
        """Path and query of the picture of a channel."""
        if channel not in self._pictures:
            camera = await self.one(channel)
            answer = await self._soap.call("media", "GetSnapshotUri", ProfileToken=camera.profile)
            self._pictures[channel] = _path_in(answer)
        return self._pictures[channel]

    def forget(self, channel: int) -> None:
        """The addresses of a channel may have changed."""
        self._streams.pop(channel, None)
        self._pictures.pop(channel, None)


def numbers(tokens: Sequence[str]) -> list[int]:
    """Channel numbers for tokens: their last figures where these tell them apart, else their order.

    Figures that count from 0 are moved up by one; figures in whole hundreds (`00100`, Dahua's way of writing
    channel and stream) are counted in hundreds. A device with one source has channel 1.
    """
    in_order = list(range(1, len(tokens) + 1))
    figures = [int(match[1]) for token in tokens if (match := _FIGURES.search(token))]
    if len(tokens) <= 1 or len(set(figures)) != len(tokens):
        return in_order
    if all(figure % 100 == 0 for figure in figures):
        figures = [figure // 100 for figure in figures]
    if max(figures) > _MOST_CHANNELS:
        return in_order  # such figures are no count
    return [figure + 1 for figure in figures] if 0 in figures else figures


def _camera(number: int, source: str, profiles: list[Any]) -> Camera:
    best = max(profiles, key=_pixels)
    configuration = best.VideoSourceConfiguration
    tokens = {source, configuration.token, *(profile.token for profile in profiles)}
    return Camera(
        number=number,
        name=(configuration.Name or best.Name or "").strip(),
        source=source,
        profile=best.token,
        tokens=frozenset(token for token in tokens if token),
    )


def _pixels(profile: Any) -> int:
    resolution = getattr(profile.VideoEncoderConfiguration, "Resolution", None)
    return (resolution.Width or 0) * (resolution.Height or 0) if resolution is not None else 0


def _path_in(answer: Any) -> str:
    address = getattr(answer, "Uri", None)
    if not address:
        raise BadAnswer("the recorder gave no address")
    return path_of(address)
