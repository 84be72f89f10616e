"""The pretend ONVIF recorder as a whole: SOAP services and RTSP over one recording model."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from aiohttp import web

from simulator.footage.stream import FootageStore
from simulator.recorder.base import PoweredRecorder
from simulator.recorder.model import CameraModel
from simulator.recorder.onvif.app import OnvifApp
from simulator.recorder.onvif.clock import OnvifClock
from simulator.recorder.onvif.replay import find_onvif_source
from simulator.recorder.onvif.services import Addresses
from simulator.recorder.onvif.switches import OnvifSwitches
from simulator.recorder.rtsp.server import RtspServer


class SimulatedOnvifRecorder(PoweredRecorder):
    """A recorder of ONVIF Profiles S and G on 127.0.0.1, to be used as an async context manager.

    Args:
        cameras: what is plugged in; the school's thirty when not given.
        username: the one account.
        password: its password.
        now: true time, aware.
        clock_offset: the device's clock error (device minus true).
        http_port: where SOAP and pictures are; 0 picks a free port.
        rtsp_port: where RTSP listens; 0 picks a free port.
        footage: a store to share between recorders, so that the same footage is encoded once.

    Attributes:
        switches: what goes wrong; see `OnvifSwitches`.
        clock: the device's clock; `clock.offset` may be changed.
        calls: SOAP operation -> how often it was reached with a good login; also snapshot, rtsp_live,
            rtsp_playback.
    """

    switches: OnvifSwitches

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
            realm="ONVIF NVR-3032",
            username=username,
            password=password,
            cameras=cameras,
            now=now,
            http_port=http_port,
            rtsp_port=rtsp_port,
            footage=footage,
        )
        self.switches = OnvifSwitches()
        self.clock = OnvifClock(self.switches, clock_offset)
        self._onvif = OnvifApp(
            model=self.model,
            clock=self.clock,
            gate=self.gate,
            switches=self.switches,
            calls=self.calls,
            addresses=self._addresses,
        )
        self._rtsp = RtspServer(
            lambda uri: find_onvif_source(uri, self.model, self.clock, self.footage, self.switches),
            gate=self.gate,
            switches=self.switches,
            calls=self.calls,
        )

    @property
    def max_in_flight(self) -> int:
        """The most HTTP requests that were being answered at once."""
        return self._onvif.max_in_flight

    def _addresses(self) -> Addresses:
        return Addresses(f"http://127.0.0.1:{self.http_port}", f"rtsp://127.0.0.1:{self.rtsp_port}")

    @property
    def listeners(self) -> int:
        """How many listen to its events now."""
        return self._onvif.events.listeners

    def forget_listeners(self) -> None:
        """Lose every subscription, as a device does that was started anew."""
        self._onvif.events.forget()

    def set_camera_online(self, number: int, *, online: bool) -> None:
        """Plug a camera in or out, and tell those who listen to events."""
        changed = self.model.cameras[number].online != online
        super().set_camera_online(number, online=online)
        if changed:
            self._onvif.events.camera_changed(number, lost=not online)

    def _application(self) -> web.Application:
        return self._onvif.application()

    @property
    def _video(self) -> RtspServer:
        return self._rtsp
