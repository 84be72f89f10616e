"""The pretend Hikvision recorder as a whole: ISAPI and RTSP over one recording model."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from aiohttp import web

from simulator.footage.stream import FootageStore
from simulator.recorder.base import PoweredRecorder
from simulator.recorder.isapi.app import Isapi
from simulator.recorder.isapi.switches import IsapiSwitches
from simulator.recorder.model import CameraModel
from simulator.recorder.rtsp.server import RtspServer
from simulator.recorder.rtsp.source import find_source
from simulator.recorder.wall_clock import WallClock

USUAL_CLOCK_ERROR = timedelta(seconds=94)
"""How far ahead the school's recorder is in the demo; hand it in as `clock_offset`."""


class SimulatedRecorder(PoweredRecorder):
    """A Hikvision-speaking recorder on 127.0.0.1, to be used as an async context manager.

    Args:
        cameras: what is plugged in; the school's thirty when not given.
        username: the one account.
        password: its password.
        now: true time, aware.
        clock_offset: the device's clock error (device minus true).
        http_port: where ISAPI listens; 0 picks a free port.
        rtsp_port: where RTSP listens; 0 picks a free port.
        footage: a store to share between recorders, so that the same footage is encoded once.

    Attributes:
        http_port: where ISAPI listens.
        rtsp_port: where RTSP listens.
        switches: quirks and what goes wrong; see `IsapiSwitches`.
        model: which camera has footage when.
        footage: what has been encoded.
        clock: the device's clock; `clock.offset` may be changed.
        gate: the account and its lock-out.
        calls: endpoint -> how often it was reached with a good login: device, capabilities, channels,
            channel_status, streams, picture, search, daily, tracks, download, download_capabilities, time,
            local_time, status, storage, user_check, alert_stream, rtsp_live, rtsp_playback.
    """

    switches: IsapiSwitches

    def __init__(
        self,
        *,
        username: str,
        password: str,
        cameras: Iterable[CameraModel] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock_offset: timedelta = timedelta(0),
        http_port: int = 0,
        rtsp_port: int = 0,
        footage: FootageStore | None = None,
    ) -> None:
        super().__init__(
            realm="IP Camera(12345)",
            username=username,
            password=password,
            cameras=cameras,
            now=now,
            http_port=http_port,
            rtsp_port=rtsp_port,
            footage=footage,
        )
        self.switches = IsapiSwitches()
        self.clock = WallClock(clock_offset)
        self._isapi = Isapi(
            model=self.model,
            clock=self.clock,
            gate=self.gate,
            store=self.footage,
            switches=self.switches,
            calls=self.calls,
        )
        self._rtsp = RtspServer(
            lambda uri: find_source(uri, self.model, self.clock, self.footage, self.switches),
            gate=self.gate,
            switches=self.switches,
            calls=self.calls,
        )

    @property
    def listeners(self) -> int:
        """How many listen to its events now."""
        return self._isapi.alerts.listeners

    def _application(self) -> web.Application:
        return self._isapi.application()

    @property
    def _video(self) -> RtspServer:
        return self._rtsp

    def set_camera_online(self, number: int, *, online: bool) -> None:
        """Plug a camera in or out, and tell those who listen to the event stream."""
        changed = self.model.cameras[number].online != online
        super().set_camera_online(number, online=online)
        if changed:
            self._isapi.alerts.camera_changed(number, lost=not online)

    @property
    def max_in_flight(self) -> int:
        """The most HTTP requests that were being answered at once."""
        return self._isapi.max_in_flight
