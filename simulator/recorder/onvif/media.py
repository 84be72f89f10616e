"""The media service: two profiles for each camera, and where their video and pictures are."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from simulator.recorder.model import CameraModel, RecorderModel
from simulator.recorder.onvif.services import Addresses, source_token
from simulator.recorder.onvif.soap import NOT_IMPLEMENTED, Fault, SoapRequest
from simulator.recorder.onvif.switches import OnvifSwitches

_PROFILE = re.compile(r"Profile_(\d+)_(main|sub)")
SIZES = {"main": (854, 480), "sub": (640, 360)}


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
            _profile(camera, self.name_of(camera), quality)
            for camera in self.model.cameras.values()
            if camera.number not in self.switches.media2
            for quality in ("sub", "main")
        )
        return f"<trt:GetProfilesResponse>{rows}</trt:GetProfilesResponse>"

    def get_stream_uri(self, request: SoapRequest, addresses: Addresses) -> str:
        """Where a profile's live video is."""
        token = request.text("ProfileToken")
        self.camera(token)
        return f"<trt:GetStreamUriResponse>{_uri(live_uri(token, addresses))}</trt:GetStreamUriResponse>"

    def get_snapshot_uri(self, request: SoapRequest, addresses: Addresses) -> str:
        """Where a profile's picture is."""
        if self.switches.snapshot_missing:
            raise Fault(*NOT_IMPLEMENTED, receiver=True)
        uri = picture_uri(self.camera(request.text("ProfileToken")), addresses)
        return f"<trt:GetSnapshotUriResponse>{_uri(uri)}</trt:GetSnapshotUriResponse>"

    def get_osds(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """What is written into the pictures."""
        return f"<trt:GetOSDsResponse>{self.osds('trt')}</trt:GetOSDsResponse>"

    def osds(self, prefix: str) -> str:
        """The time and the name in each picture, as either service lists them."""
        if not self.switches.captions:
            raise Fault(*NOT_IMPLEMENTED, receiver=True)
        return "".join(
            f'<{prefix}:OSDs token="Osd_{number}_{kind}"><tt:VideoSourceConfigurationToken>'
            f"VideoSourceConfig_{number}</tt:VideoSourceConfigurationToken><tt:Type>Text</tt:Type>"
            f"<tt:Position><tt:Type>Custom</tt:Type></tt:Position><tt:TextString><tt:Type>{kind}</tt:Type>"
            f"{text}</tt:TextString></{prefix}:OSDs>"
            for number, camera in self.model.cameras.items()
            for kind, text in (
                ("DateAndTime", "<tt:DateFormat>yyyy-MM-dd</tt:DateFormat>"),
                ("Plain", f"<tt:PlainText>{escape(camera.name)}</tt:PlainText>"),
            )
        )

    def name_of(self, camera: CameraModel) -> str:
        """What the camera's configuration is called."""
        return "VideoSourceConfig" if self.switches.unnamed else camera.name

    def camera(self, profile: str) -> CameraModel:
        """The camera behind a profile's token; a fault for a token of nobody."""
        camera = camera_of_profile(profile, self.model)
        if camera is None:
            raise Fault("InvalidArgVal", "NoProfile")
        return camera


def camera_of_profile(token: str, model: RecorderModel) -> CameraModel | None:
    """The camera behind a profile's token; None for a token of nobody."""
    match = _PROFILE.fullmatch(token)
    return model.cameras.get(int(match[1])) if match else None


def live_uri(token: str, addresses: Addresses) -> str:
    """Where a profile's live video is."""
    return f"{addresses.rtsp}/onvif/live/{token}"


def picture_uri(camera: CameraModel, addresses: Addresses) -> str:
    """Where a camera's picture is, as it is written in XML."""
    return f"{addresses.http}/onvif-http/snapshot?channel={camera.number}&amp;quality=1"


def _profile(camera: CameraModel, name: str, quality: str) -> str:
    number = camera.number
    width, height = SIZES[quality]
    return (
        f'<trt:Profiles token="Profile_{number}_{quality}" fixed="true"><tt:Name>{quality}Stream</tt:Name>'
        f'<tt:VideoSourceConfiguration token="VideoSourceConfig_{number}">'
        f"<tt:Name>{escape(name)}</tt:Name><tt:UseCount>2</tt:UseCount>"
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
