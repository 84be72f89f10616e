"""An endless archive over RTSP by GStreamer's own ONVIF replay server; run by the system's Python.

Usage: gstreamer_archive.py FILE, an H.264 file of 25 pictures a second with a key frame each second. Prints
its port. Every second of all time, counted from 1900, is a second of the file, over and over.
"""

import importlib
import sys
from pathlib import Path
from typing import Any

RATE = 25
DELIMITER = b"\x00\x00\x00\x01\x09"
PIPELINE = (
    "( appsrc name=src format=time stream-type=seekable is-live=false "
    'caps="video/x-h264,stream-format=byte-stream,alignment=au,width=320,height=180,framerate=25/1" '
    "! h264parse ! rtph264pay config-interval=-1 pt=96 "
    "! rtponviftimestamp name=pay0 ntp-offset=0 set-e-bit=true set-t-bit=true )"
)

gi = importlib.import_module("gi")
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
Gst, GstRtspServer, GLib = (
    importlib.import_module(f"gi.repository.{name}") for name in ("Gst", "GstRtspServer", "GLib")
)


class Feed:
    """Pushes pictures from wherever the client has sought."""

    def __init__(self, source: Any, units: list[bytes]) -> None:
        self._units = units
        self._at = 0
        source.connect("need-data", self._need)
        source.connect("seek-data", self._seek)

    def _seek(self, _source: Any, offset: int) -> bool:
        self._at = offset // Gst.SECOND * RATE
        return True

    def _need(self, source: Any, _size: int) -> None:
        buffer = Gst.Buffer.new_wrapped(self._units[self._at % len(self._units)])
        buffer.pts = buffer.dts = self._at * Gst.SECOND // RATE
        buffer.duration = Gst.SECOND // RATE
        if self._at % RATE:
            buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
        self._at += 1
        source.emit("push-buffer", buffer)


def main(path: str) -> None:
    Gst.init(None)
    units = [DELIMITER + rest for rest in Path(path).read_bytes().split(DELIMITER)[1:]]
    feeds: list[Feed] = []

    class Archive(GstRtspServer.RTSPOnvifMediaFactory):  # type: ignore[misc, name-defined] # known only at run time
        def do_create_element(self, _url: Any) -> Any:
            element = Gst.parse_launch(PIPELINE)
            feeds.append(Feed(element.get_by_name("src"), units))
            return element

    factory = Archive()
    factory.set_replay_support(True)
    factory.set_media_gtype(GstRtspServer.RTSPOnvifMedia.__gtype__)
    server = GstRtspServer.RTSPOnvifServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    server.get_mount_points().add_factory("/archive", factory)
    server.attach(None)
    sys.stdout.write(f"{server.get_bound_port()}\n")
    sys.stdout.flush()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1])
