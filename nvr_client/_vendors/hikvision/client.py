"""A Hikvision recorder behind the protocol."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nvr_client._vendors.hikvision import events, snapshot, status
from nvr_client._vendors.hikvision.export import Exports
from nvr_client._vendors.hikvision.live import LIVE_PATHS
from nvr_client._vendors.hikvision.search import Search, merged
from nvr_client._vendors.hikvision.transport import isapi
from nvr_client._vendors.hikvision.wall_clock import shown_time
from nvr_client.live import Live
from nvr_client.login import LoginGuard
from nvr_client.part_file import PartFile
from nvr_client.protocol import (
    Channel,
    Clock,
    Device,
    Disk,
    Exported,
    PictureWay,
    Progress,
    RecorderEvent,
    Span,
)
from nvr_client.settings import Now, RecorderSettings
from nvr_client.snapshot import Snapshots
from nvr_client.time_mode import TimeModes
from nvr_client.video_tool import VideoTool
from nvr_client.wall_clock import DeviceTime, RecorderClock


class HikvisionClient:
    """One recorder. See `nvr_client.protocol.NvrClient` for what every call gives and raises."""

    def __init__(self, settings: RecorderSettings, now: Now, guard: LoginGuard) -> None:
        zone = ZoneInfo(settings.timezone)
        tool = VideoTool(settings.ffmpeg)
        self._now = now
        self._transport = isapi(settings, guard)
        self._clock = RecorderClock(lambda: shown_time(self._transport), guard, zone, now)
        self._search = Search(self._transport, settings)
        self._live = Live(settings, self._transport, tool, paths=LIVE_PATHS, online=self._online)
        self._snapshots = Snapshots(
            guard, self._online, snapshot.ways(self._transport, self._live), alike=snapshot.ALIKE
        )
        self._exports = Exports(
            settings, self._transport, search=self._search, live=self._live, tool=tool, now=now
        )
        self._modes = TimeModes(settings.time_mode or "auto", zone, self._recorded, self._online, now)

    async def device(self) -> Device:
        """Model, serial number and firmware."""
        return await status.device(self._transport)

    async def channels(self) -> list[Channel]:
        """Every camera the recorder has, by number."""
        return await status.channels(self._transport)

    async def snapshot(self, channel: int) -> bytes:
        """A JPEG of this moment, checked to be a whole picture."""
        return await self._snapshots.take(channel)

    async def picture_ways(self, channel: int) -> list[PictureWay]:
        """Every way to a picture, tried once."""
        return await self._snapshots.try_all(channel)

    async def live_clip(self, channel: int, duration: timedelta, target: Path) -> None:
        """Record what the camera sees now into `target`."""
        async with PartFile(target) as part:
            await self._live.record(channel, part.path, duration=duration.total_seconds())
            await part.hash_again()
            await part.commit()

    async def recordings(self, channel: int, span: Span) -> list[Span]:
        """The recorded parts inside `span`."""
        return await self._recorded(channel, span, await self._time())

    async def oldest(self, channel: int) -> datetime | None:
        """Start of the oldest recording of a channel."""
        return await self._search.oldest(_track(channel), await self._time(), self._now())

    async def export(
        self, channel: int, span: Span, target: Path, progress: Progress | None = None
    ) -> Exported:
        """Copy recorded footage to `target`."""
        self._clock.forget()
        return await self._exports.export(channel, span, target, await self._time(), progress)

    async def storage(self) -> list[Disk]:
        """The recorder's disks."""
        return await status.storage(self._transport)

    async def clock(self) -> Clock:
        """The recorder's time beside ours."""
        return await self._clock.measure()

    def events(self) -> AsyncGenerator[RecorderEvent, None]:
        """What the recorder warns of, from now on."""
        return events.events(self._transport, self._now)

    async def aclose(self) -> None:
        """Let go of every connection."""
        await self._transport.aclose()

    async def _online(self) -> dict[int, bool]:
        return await status.online_states(self._transport)

    async def _recorded(self, channel: int, span: Span, time: DeviceTime) -> list[Span]:
        return merged(await self._search.segments(_track(channel), span, time), span)

    async def _time(self) -> DeviceTime:
        return await self._modes.settle(await self._clock.offset())


def _track(channel: int) -> int:
    """The main stream's track of a channel."""
    return channel * 100 + 1
