"""The pretend recorder's Dahua face: HTTP CGI, DAV downloads and RTSP, as KBVision recorders speak it too.

app.py         who may ask, which request goes where    answers.py     `key=value` text, times, refusals
about.py       device, cameras, disks, clock            media_find.py  mediaFileFind and its few finders
load_file.py   loadfile.cgi                             dav.py         H.264 in DHAV frames
video.py       RTSP addresses                           switches.py    quirks and bad luck
device.py      all of it on one recording model
"""

from simulator.recorder.dahua.device import SimulatedDahuaRecorder
from simulator.recorder.dahua.switches import DahuaSwitches

__all__ = ["DahuaSwitches", "SimulatedDahuaRecorder"]
