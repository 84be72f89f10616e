"""A pretend ONVIF recorder: `SimulatedOnvifRecorder`.

device.py     the recorder as a whole       switches.py   what goes wrong, ONVIF's own
app.py        who may ask, what goes where  token.py      WS-UsernameToken
soap.py       envelopes and faults          clock.py      the device's clock
services.py   device, recording, replay     media.py      profiles, addresses, pictures
search.py     recordings and their events   replay.py     recorded video over RTSP
events.py     which sources have no signal
"""

from simulator.recorder.onvif.device import SimulatedOnvifRecorder
from simulator.recorder.onvif.switches import OnvifSwitches

__all__ = ["OnvifSwitches", "SimulatedOnvifRecorder"]
