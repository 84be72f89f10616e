"""Dahua recorders, also sold as KBVision and others, over their HTTP CGI and RTSP.

cgi.py         requests, answers, errors       status.py      device, cameras, disks, clock
media_find.py  what is recorded                snapshot.py    the ways to one picture
dav.py         footage and the times in it     load_file.py   footage over HTTP
video.py       RTSP paths                      export.py      which way, verified
events.py      what it warns of
client.py      all of it behind the protocol
"""
