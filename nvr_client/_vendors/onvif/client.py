"""An ONVIF device behind the protocol."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nvr_client._vendors.onvif.cameras import Camera, Cameras
from nvr_client._vendors.onvif.events import Events
from nvr_client._vendors.onvif.export import Exports
from nvr_client._vendors.onvif.labels import Labels, true_time
from nvr_client._vendors.onvif.live import OnvifLive, ways
from nvr_client._vendors.onvif.search import Recording, Search, Stretch, recordings_of
from nvr_client._vendors.onvif.signals import Signals
from nvr_client._vendors.onvif.soap import Soap
from nvr_client.errors import BadAnswer, CameraOffline, NotSupported
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
from nvr_client.video_tool import VideoTool
from nvr_client.wall_clock import DeviceTime

FRESH = timedelta(minutes=5)
"""A camera with footage as young as this is reached by the recorder."""


class OnvifClient:
    """One device. See `nvr_client.protocol.NvrClient` for what every call gives and raises."""

    def __init__(self, settings: RecorderSettings, now: Now, guard: LoginGuard) -> None:
        zone = ZoneInfo(settings.timezone)
        tool = VideoTool(settings.ffmpeg)
        self._now = now
        self._soap = Soap(settings, now, guard)
        self._labels = Labels(self._soap, settings.time_mode or "auto", zone, now)
        self._cameras = Cameras(self._soap)
        self._signals = Signals(self._soap)
        self._events = Events(self._soap, self._cameras, now)
        self._search = Search(self._soap, settings.name)
        self._live = OnvifLive(settings, self._soap, tool, cameras=self._cameras, online=self._online)
        self._snapshots = Snapshots(guard, self._unknown, ways(self._soap, self._cameras, self._live))
        self._exports = Exports(settings, self._soap, live=self._live, tool=tool, now=now)

    async def device(self) -> Device:
        """Model, serial number and firmware; ONVIF devices have no name of their own."""
        told = await self._soap.call("devicemgmt", "GetDeviceInformation")
        return Device(
            model=" ".join(part for part in (told.Manufacturer, told.Model) if part),
            serial=told.SerialNumber or "",
            firmware=told.FirmwareVersion or "",
            name="",
        )

    async def channels(self) -> list[Channel]:
        """Every camera the device has, by number; online as far as the device tells."""
        cameras = await self._cameras.fetch()
        lost = await self._signals.lost()
        if not lost:
            # Footage of just now proves a camera; none proves nothing, it may record movement only.
            states = await self._recorded_now(cameras)
            return [Channel(each.number, each.name, states.get(each.number) or None) for each in cameras]
        return [
            Channel(each.number, each.name, not lost[each.source] if each.source in lost else None)
            for each in cameras
        ]

    async def snapshot(self, channel: int) -> bytes:
        """A JPEG of this moment, checked to be a whole picture."""
        try:
            return await self._snapshots.take(channel)
        except (BadAnswer, NotSupported) as error:
            await self._cameras.one(channel)
            self._cameras.forget(channel)
            if (await self._online()).get(channel) is False:
                raise CameraOffline("the recorder does not reach this camera") from error
            raise

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
        stretches, _ = await self._stretches(channel, span)
        return joined([stretch.span for stretch in stretches], span)

    async def oldest(self, channel: int) -> datetime | None:
        """Start of the oldest recording of a channel."""
        mine, time = await self._recordings(channel)
        return min((true_time(each.earliest, time) for each in mine if each.earliest), default=None)

    async def export(
        self, channel: int, span: Span, target: Path, progress: Progress | None = None
    ) -> Exported:
        """Copy recorded footage to `target`."""
        await self._labels.look_at_clock()
        stretches, time = await self._stretches(channel, span)
        return await self._exports.export(
            channel, span, target, stretches=stretches, time=time, progress=progress
        )

    async def storage(self) -> list[Disk]:
        """ONVIF tells nothing of disks. Raises `NotSupported`."""
        raise NotSupported("ONVIF does not tell of disks")

    async def clock(self) -> Clock:
        """The device's time beside ours."""
        return await self._labels.measure()

    def events(self) -> AsyncGenerator[RecorderEvent, None]:
        """What the recorder warns of, from now on."""
        return self._events.listen()

    async def aclose(self) -> None:
        """Let go of every connection."""
        await self._soap.aclose()

    async def _stretches(self, channel: int, span: Span) -> tuple[list[Stretch], DeviceTime]:
        mine, time = await self._recordings(channel)
        return await self._search.stretches(mine, span, time, self._now()), time

    async def _recordings(self, channel: int) -> tuple[list[Recording], DeviceTime]:
        camera = await self._cameras.one(channel)
        everything = await self._search.recordings()
        time = await self._labels.settle(_newest(everything))
        return recordings_of(camera, await self._cameras.known(), everything), time

    async def _online(self) -> dict[int, bool]:
        """Which cameras are there: by their signal where the device tells, else by footage of just now."""
        cameras = await self._cameras.known()
        lost = await self._signals.lost()
        told = {camera.number: not lost[camera.source] for camera in cameras if camera.source in lost}
        return told or await self._recorded_now(cameras)

    async def _recorded_now(self, cameras: list[Camera]) -> dict[int, bool]:
        states: dict[int, bool] = {}
        try:
            everything = await self._search.recordings()
            time = await self._labels.settle(_newest(everything))
            for camera in cameras:
                mine = recordings_of(camera, cameras, everything)
                ends = [true_time(each.latest, time) for each in mine if each.latest]
                if ends or not mine:
                    states[camera.number] = bool(ends) and self._now() - max(ends) <= FRESH
        except (NotSupported, BadAnswer):
            return {}
        return states

    @staticmethod
    async def _unknown() -> dict[int, bool]:
        """ONVIF has no state of cameras that is worth asking before another way to a picture is tried."""
        return {}


def _newest(recordings: list[Recording]) -> datetime | None:
    return max((each.latest for each in recordings if each.latest), default=None)
