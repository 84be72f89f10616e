"""Hikvision recorders over ISAPI (HTTP) and RTSP.

transport.py   login, what may be asked   xml.py        answers and error codes
wall_clock.py  the device's time          search.py     what is recorded
snapshot.py    the ways to one picture    live.py       RTSP paths of live and recorded video
download.py    one way to fetch footage   export.py     which way, verified
status.py      device, channels, disks    events.py     what it warns of
client.py      all of it behind the protocol
"""
