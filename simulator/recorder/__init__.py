"""A pretend recorder: `SimulatedRecorder`, over real sockets on 127.0.0.1."""

from simulator.recorder.device import USUAL_CLOCK_ERROR, SimulatedRecorder
from simulator.recorder.model import CameraModel, DailyGap, RecorderModel, Stretch
from simulator.recorder.ngoc_lam import ngoc_lam_cameras
from simulator.recorder.switches import Switches

__all__ = [
    "USUAL_CLOCK_ERROR",
    "CameraModel",
    "DailyGap",
    "RecorderModel",
    "SimulatedRecorder",
    "Stretch",
    "Switches",
    "ngoc_lam_cameras",
]
