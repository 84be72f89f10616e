"""A Dahua recorder behind the protocol."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nvr_client._vendors.dahua import events, snapshot
from nvr_client._vendors.dahua.cgi import Cgi, cgi_transport
from nvr_client._vendors.dahua.export import Exports
from nvr_client._vendors.dahua.media_find import MediaFind
from nvr_client._vendors.dahua.status import Status
from nvr_client._vendors.dahua.video import LIVE_PATHS
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
from nvr_client.spans import joined
from nvr_client.time_mode import TimeModes
from nvr_client.video_tool import VideoTool
from nvr_client.wall_clock import DeviceTime, RecorderClock


class DahuaClient:
    """One recorder. See `nvr_client.protocol.NvrClient` for what every call gives and raises."""

    def __init__(self, settings: RecorderSettings, now: Now, guard: LoginGuard) -> None:
        zone = ZoneInfo(settings.timezone)
        tool = VideoTool(settings.ffmpeg)
        self._now = now
        self._transport = cgi_transport(settings, guard)
        cgi = self._cgi = Cgi(self._transport)
        self._status = Status(cgi)
        self._clock = RecorderClock(self._status.shown_time, guard, zone, now)
        self._find = MediaFind(cgi, settings.find_base)
        self._live = Live(
            settings, self._transport, tool, paths=LIVE_PATHS, online=self._status.online_states
        )
        self._snapshots = Snapshots(guard, self._status.online_states, snapshot.ways(cgi, self._live))
        self._exports = Exports(settings, cgi, find=self._find, live=self._live, tool=tool, now=now)
        self._modes = TimeModes(
            settings.time_mode or "local", zone, self._find.recorded, self._status.online_states, now
        )

    async def device(self) -> Device:
        """Model, serial number and firmware."""
        return await self._status.device()

    async def channels(self) -> list[Channel]:
        """Every camera the recorder has, by number."""
        return await self._status.channels()

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
        return joined(await self._find.recorded(channel, span, await self._time()), span)

    async def oldest(self, channel: int) -> datetime | None:
        """Start of the oldest recording of a channel."""
        return await self._find.oldest(channel, await self._time(), self._now())

    async def export(
        self, channel: int, span: Span, target: Path, progress: Progress | None = None
    ) -> Exported:
        """Copy recorded footage to `target`."""
        self._clock.forget()
        return await self._exports.export(channel, span, target, await self._time(), progress)

    async def storage(self) -> list[Disk]:
        """The recorder's disks."""
        return await self._status.storage()

    async def clock(self) -> Clock:
        """The recorder's time beside ours."""
        return await self._clock.measure()

    def events(self) -> AsyncGenerator[RecorderEvent, None]:
        """What the recorder warns of, from now on."""
        return events.events(self._cgi, self._now)

    async def aclose(self) -> None:
        """Let go of every connection."""
        await self._find.aclose()
        await self._transport.aclose()

    async def _time(self) -> DeviceTime:
        return await self._modes.settle(await self._clock.offset())
