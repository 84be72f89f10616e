"""The media service: two profiles for each camera, and where their video and pictures are."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from simulator.recorder.model import CameraModel, RecorderModel
from simulator.recorder.onvif.services import Addresses, source_token
from simulator.recorder.onvif.soap import NOT_IMPLEMENTED, Fault, SoapRequest
from simulator.recorder.onvif.switches import OnvifSwitches

_PROFILE = re.compile(r"Profile_(\d+)_(main|sub)")
_SIZES = {"main": (854, 480), "sub": (640, 360)}


@dataclass(slots=True)
class Media:
    """Answers of the media service; each gives the content of a SOAP body."""

    model: RecorderModel
    switches: OnvifSwitches

    def get_video_sources(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """One source a camera."""
        rows = "".join(
            f'<trt:VideoSources token="{source_token(number)}"><tt:Framerate>25</tt:Framerate>'
            "<tt:Resolution><tt:Width>1920</tt:Width><tt:Height>1080</tt:Height></tt:Resolution>"
            "</trt:VideoSources>"
            for number in self.model.cameras
        )
        return f"<trt:GetVideoSourcesResponse>{rows}</trt:GetVideoSourcesResponse>"

    def get_profiles(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """Sub streams first, as some devices list them."""
        rows = "".join(
            _profile(camera, quality) for camera in self.model.cameras.values() for quality in ("sub", "main")
        )
        return f"<trt:GetProfilesResponse>{rows}</trt:GetProfilesResponse>"

    def get_stream_uri(self, request: SoapRequest, addresses: Addresses) -> str:
        """Where a profile's live video is."""
        token = request.text("ProfileToken")
        self._camera(token)
        uri = f"{addresses.rtsp}/onvif/live/{token}"
        return f"<trt:GetStreamUriResponse>{_uri(uri)}</trt:GetStreamUriResponse>"

    def get_snapshot_uri(self, request: SoapRequest, addresses: Addresses) -> str:
        """Where a profile's picture is."""
        if self.switches.snapshot_missing:
            raise Fault(*NOT_IMPLEMENTED, receiver=True)
        camera = self._camera(request.text("ProfileToken"))
        uri = f"{addresses.http}/onvif-http/snapshot?channel={camera.number}&amp;quality=1"
        return f"<trt:GetSnapshotUriResponse>{_uri(uri)}</trt:GetSnapshotUriResponse>"

    def _camera(self, profile: str) -> CameraModel:
        camera = camera_of_profile(profile, self.model)
        if camera is None:
            raise Fault("InvalidArgVal", "NoProfile")
        return camera


def camera_of_profile(token: str, model: RecorderModel) -> CameraModel | None:
    """The camera behind a profile's token; None for a token of nobody."""
    match = _PROFILE.fullmatch(token)
    return model.cameras.get(int(match[1])) if match else None


def _profile(camera: CameraModel, quality: str) -> str:
    number = camera.number
    width, height = _SIZES[quality]
    return (
        f'<trt:Profiles token="Profile_{number}_{quality}" fixed="true"><tt:Name>{quality}Stream</tt:Name>'
        f'<tt:VideoSourceConfiguration token="VideoSourceConfig_{number}">'
        f"<tt:Name>{escape(camera.name)}</tt:Name><tt:UseCount>2</tt:UseCount>"
        f"<tt:SourceToken>{source_token(number)}</tt:SourceToken>"
        '<tt:Bounds x="0" y="0" width="1920" height="1080"/></tt:VideoSourceConfiguration>'
        f'<tt:VideoEncoderConfiguration token="VideoEncoder_{number}_{quality}"><tt:Name>{quality}</tt:Name>'
        "<tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>"
        f"<tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution>"
        "<tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>25</tt:FrameRateLimit>"
        "<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>2048</tt:BitrateLimit></tt:RateControl>"
        "<tt:H264><tt:GovLength>50</tt:GovLength><tt:H264Profile>High</tt:H264Profile></tt:H264>"
        "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>"
        "<tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>"
        "<tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration></trt:Profiles>"
    )


def _uri(address: str) -> str:
    return (
        f"<trt:MediaUri><tt:Uri>{address}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
        "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>"
    )
