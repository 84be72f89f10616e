"""What every pretend recorder has, whatever it speaks: power, plugs, and two servers over one model."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from simulator.footage.stream import FootageStore
from simulator.recorder.digest import DigestGate
from simulator.recorder.model import CameraModel, RecorderModel
from simulator.recorder.ngoc_lam import ngoc_lam_cameras
from simulator.recorder.rtsp.server import RtspServer
from simulator.recorder.switches import Switches


class CameraSwitch:
    """One camera's plug: `recorder.camera(3).online = False`."""

    def __init__(self, recorder: "PoweredRecorder", number: int) -> None:
        self._recorder = recorder
        self._camera = recorder.model.cameras[number]

    @property
    def online(self) -> bool:
        """Whether the camera has a picture and is recorded."""
        return self._camera.online

    @online.setter
    def online(self, value: bool) -> None:
        self._recorder.set_camera_online(self._camera.number, online=value)


class PoweredRecorder(ABC):
    """A recorder on 127.0.0.1, to be used as an async context manager.

    Its languages are what `_application` and `_video` speak.

    Attributes:
        switches: what goes wrong; vendors add quirks of their own.
    """

    switches: Switches

    def __init__(
        self,
        *,
        realm: str,
        username: str,
        password: str,
        cameras: Iterable[CameraModel] | None,
        now: Callable[[], datetime],
        http_port: int,
        rtsp_port: int,
        footage: FootageStore | None,
    ) -> None:
        self.http_port = http_port
        self.rtsp_port = rtsp_port
        self.model = RecorderModel(ngoc_lam_cameras() if cameras is None else cameras, now)
        self.gate = DigestGate(realm=realm, username=username, password=password, now=now)
        self.calls: Counter[str] = Counter()
        self.footage = FootageStore() if footage is None else footage
        self._runner: web.AppRunner | None = None

    @abstractmethod
    def _application(self) -> web.Application:
        """A new application with its HTTP interface."""

    @property
    @abstractmethod
    def _video(self) -> RtspServer:
        """Its video port."""

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
            self._application(), handler_cancellation=True, shutdown_timeout=0.5, access_log=None
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.http_port).start()
            self.http_port = int(runner.addresses[0][1])
            self.rtsp_port = await self._video.start(self.rtsp_port)
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
        await self._video.stop()
        await runner.cleanup()
        await self.footage.settle()

    @property
    @abstractmethod
    def listeners(self) -> int:
        """How many listen to its events now."""

    def camera(self, number: int) -> CameraSwitch:
        """The plug of camera `number`."""
        return CameraSwitch(self, number)

    def set_camera_online(self, number: int, *, online: bool) -> None:
        """Plug a camera in or out."""
        if self.model.cameras[number].online != online:
            self.model.set_online(number, online=online)

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
