"""ONVIF devices (Profiles S, G and T) over SOAP and RTSP.

library.py   onvif-zeep-async, loaded late   soap.py     calls, login, faults
faults.py    what a fault means              labels.py   the device's times
cameras.py   who is channel 3, addresses     search.py   recordings and their gaps
profiles.py  streams of Media and Media2     bare.py     SOAP that the library lacks
replay.py    recorded video over RTSP        rtp.py      frames out of its packets
export.py    frames into a file, checked     live.py     live video, pictures
signals.py   which cameras are there         events.py   what it warns of
pull_point.py  one subscription to events
client.py    all of it behind the protocol
"""
