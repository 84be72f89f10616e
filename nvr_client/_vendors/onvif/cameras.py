"""Which camera is channel 3, what it is called, and where its video and pictures are.

One camera is one video source; its profiles are grouped by the source of their configuration. Channels are
numbered by the figures in the sources' tokens, so that a camera that is removed moves no other.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nvr_client._vendors.onvif.profiles import Profile, Profiles
from nvr_client._vendors.onvif.soap import Soap
from nvr_client.errors import NotSupported

_MOST_CHANNELS = 512
_FIGURES = re.compile(r"(\d+)\D*$")
_SAYS_NOTHING = re.compile(
    r"(video|main|sub|media)?[ _-]*(source|input|profile|stream|channel)?[ _-]*(config(uration)?|token)?"
    r"[ _-]*\d*",
    re.IGNORECASE,
)
"""Names that devices give by themselves: `Profile_1`, `VideoSourceConfig`, `00001`."""


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera: its best stream, and all `tokens` and `names` by which the device may mean it."""

    number: int
    name: str
    source: str
    profile: Profile
    tokens: frozenset[str]
    names: frozenset[str]


class Cameras:
    """The cameras of one device."""

    def __init__(self, soap: Soap) -> None:
        self._profiles = Profiles(soap)
        self._known: dict[int, Camera] = {}
        self._streams: dict[int, str] = {}
        self._pictures: dict[int, str] = {}

    async def fetch(self) -> list[Camera]:
        """Every camera that the device has now, by number."""
        by_source: dict[str, list[Profile]] = {}
        for profile in await self._profiles.fetch():
            by_source.setdefault(profile.source, []).append(profile)
        sources = list(by_source)
        best = {source: max(by_source[source], key=lambda each: each.pixels) for source in sources}
        captions = {} if _tell(best) else await self._profiles.captions()
        found = {
            number: _camera(number, best[source], by_source[source], captions)
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
            best = (await self.one(channel)).profile
            self._streams[channel] = await self._profiles.stream_path(best.service, best.token)
        return self._streams[channel]

    async def picture_path(self, channel: int) -> str:
        """Path and query of the picture of a channel."""
        if channel not in self._pictures:
            best = (await self.one(channel)).profile
            self._pictures[channel] = await self._profiles.picture_path(best.service, best.token)
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


def _tell(best: Mapping[str, Profile]) -> bool:
    """Whether the names of the configurations tell the cameras apart and are a person's."""
    names = [profile.names[0] if profile.names else "" for profile in best.values()]
    return len(set(names)) == len(names) and not any(_SAYS_NOTHING.fullmatch(name) for name in names)


def _camera(number: int, best: Profile, profiles: Sequence[Profile], captions: Mapping[str, str]) -> Camera:
    tokens = {best.source}
    names: set[str] = set()
    for profile in profiles:
        tokens |= {profile.token, profile.configuration}
        names |= {*profile.names, captions.get(profile.configuration, "")}
    caption = captions.get(best.configuration) or captions.get(best.source)
    return Camera(
        number=number,
        name=caption or (best.names[0] if best.names else ""),
        source=best.source,
        profile=best,
        tokens=frozenset(tokens - {""}),
        names=frozenset(names - {""}),
    )
