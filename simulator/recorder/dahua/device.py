"""The pretend Dahua recorder as a whole: CGI and RTSP over one recording model."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from aiohttp import web

from simulator.footage.stream import FootageStore
from simulator.recorder.base import PoweredRecorder
from simulator.recorder.dahua.about import SERIAL
from simulator.recorder.dahua.app import Cgi
from simulator.recorder.dahua.switches import DahuaSwitches
from simulator.recorder.dahua.video import find_source
from simulator.recorder.model import CameraModel
from simulator.recorder.rtsp.server import RtspServer
from simulator.recorder.wall_clock import WallClock


class SimulatedDahuaRecorder(PoweredRecorder):
    """A Dahua-speaking recorder on 127.0.0.1, to be used as an async context manager.

    Args:
        cameras: what is plugged in; the school's thirty when not given.
        username: the one account.
        password: its password.
        now: true time, aware.
        clock_offset: the device's clock error (device minus true).
        http_port: where the CGI listens; 0 picks a free port.
        rtsp_port: where RTSP listens; 0 picks a free port.
        footage: a store to share between recorders, so that the same footage is encoded once.

    Attributes:
        switches: quirks and what goes wrong; see `DahuaSwitches`.
        clock: the device's clock; `clock.offset` may be changed.
        calls: script and action -> how often it was reached with a good login, such as
            `magicBox.getSystemInfo`, `mediaFileFind.findFile`, `loadfile.startLoad`, `snapshot`; also
            `rtsp_live` and `rtsp_playback`.
    """

    switches: DahuaSwitches

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
            realm=f"Login to {SERIAL}",
            username=username,
            password=password,
            cameras=cameras,
            now=now,
            http_port=http_port,
            rtsp_port=rtsp_port,
            footage=footage,
        )
        self.switches = DahuaSwitches()
        self.clock = WallClock(clock_offset)
        self._cgi = Cgi(
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
    def asked(self) -> list[str]:
        """Path and query of every HTTP request that was let in."""
        return self._cgi.asked

    @property
    def max_in_flight(self) -> int:
        """The most HTTP requests that were being answered at once."""
        return self._cgi.max_in_flight

    @property
    def open_finders(self) -> int:
        """Searches that nobody has destroyed."""
        return len(self._cgi.media_find.open)

    @property
    def listeners(self) -> int:
        """How many listen to its events now."""
        return self._cgi.events.listeners

    def set_camera_online(self, number: int, *, online: bool) -> None:
        """Plug a camera in or out, and tell those who listen to events."""
        changed = self.model.cameras[number].online != online
        super().set_camera_online(number, online=online)
        if changed:
            self._cgi.events.camera_changed(number, lost=not online)

    def _application(self) -> web.Application:
        return self._cgi.application()

    @property
    def _video(self) -> RtspServer:
        return self._rtsp
