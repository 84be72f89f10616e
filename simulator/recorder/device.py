"""The pretend recorder as a whole: two servers over one recording model."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from aiohttp import web

from simulator.footage.stream import FootageStore
from simulator.recorder.digest import DigestGate
from simulator.recorder.isapi.app import Isapi
from simulator.recorder.model import CameraModel, RecorderModel
from simulator.recorder.ngoc_lam import ngoc_lam_cameras
from simulator.recorder.rtsp.server import RtspServer
from simulator.recorder.switches import Switches
from simulator.recorder.wall_clock import WallClock

USUAL_CLOCK_ERROR = timedelta(seconds=94)
"""How far ahead the school's recorder is in the demo; hand it in as `clock_offset`."""


class CameraSwitch:
    """One camera's plug: `recorder.camera(3).online = False`."""

    def __init__(self, recorder: "SimulatedRecorder", number: int) -> None:
        self._recorder = recorder
        self._camera = recorder.model.cameras[number]

    @property
    def online(self) -> bool:
        """Whether the camera has a picture and is recorded."""
        return self._camera.online

    @online.setter
    def online(self, value: bool) -> None:
        self._recorder.set_camera_online(self._camera.number, online=value)


class SimulatedRecorder:
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
        switches: what goes wrong; see `Switches`.
        model: which camera has footage when.
        footage: what has been encoded.
        clock: the device's clock; `clock.offset` may be changed.
        gate: the account and its lock-out.
        calls: endpoint -> how often it was reached with a good login: device, capabilities, channels,
            channel_status, streams, picture, search, daily, tracks, download, download_capabilities, time,
            local_time, status, storage, user_check, alert_stream, rtsp_live, rtsp_playback.
    """

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
        self.http_port = http_port
        self.rtsp_port = rtsp_port
        self.switches = Switches()
        self.model = RecorderModel(ngoc_lam_cameras() if cameras is None else cameras, now)
        self.clock = WallClock(clock_offset)
        self.gate = DigestGate(realm="IP Camera(12345)", username=username, password=password, now=now)
        self.calls: Counter[str] = Counter()
        self.footage = store = FootageStore() if footage is None else footage
        self._isapi = Isapi(
            model=self.model,
            clock=self.clock,
            gate=self.gate,
            store=store,
            switches=self.switches,
            calls=self.calls,
        )
        self._rtsp = RtspServer(
            model=self.model,
            clock=self.clock,
            gate=self.gate,
            store=store,
            switches=self.switches,
            calls=self.calls,
        )
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.power_on()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.power_off()

    @property
    def powered(self) -> bool:
        """Whether the recorder listens."""
        return self._runner is not None

    async def power_on(self) -> None:
        """Listen, on the same ports as before. A locked address is free again."""
        if self._runner is not None:
            return
        self.gate.unlock()
        runner = web.AppRunner(
            self._isapi.application(), handler_cancellation=True, shutdown_timeout=0.5, access_log=None
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.http_port).start()
            self.http_port = int(runner.addresses[0][1])
            self.rtsp_port = await self._rtsp.start(self.rtsp_port)
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner

    async def power_off(self) -> None:
        """Cut every connection at once and refuse new ones."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        if runner.server is not None:
            for connection in list(runner.server.connections):
                if connection.transport is not None and isinstance(connection.transport, asyncio.Transport):
                    connection.transport.abort()
        await self._rtsp.stop()
        await runner.cleanup()
        await self.footage.settle()

    def camera(self, number: int) -> CameraSwitch:
        """The plug of camera `number`."""
        return CameraSwitch(self, number)

    def set_camera_online(self, number: int, *, online: bool) -> None:
        """Plug a camera in or out, and tell those who listen to the event stream."""
        if self.model.cameras[number].online != online:
            self.model.set_online(number, online=online)
            self._isapi.alerts.camera_changed(number, lost=not online)

    @property
    def password_ok(self) -> bool:
        """False: the right password is refused, as after someone changed it on the device."""
        return self.gate.password_ok

    @password_ok.setter
    def password_ok(self, value: bool) -> None:
        self.gate.password_ok = value

    @property
    def no_recordings(self) -> bool:
        """True: the disks are as good as empty."""
        return self.model.no_recordings

    @no_recordings.setter
    def no_recordings(self, value: bool) -> None:
        self.model.no_recordings = value

    @property
    def rejected_logins(self) -> int:
        """How many wrong passwords were sent, by HTTP and RTSP."""
        return self.gate.rejected

    @property
    def max_in_flight(self) -> int:
        """The most HTTP requests that were being answered at once."""
        return self._isapi.max_in_flight
