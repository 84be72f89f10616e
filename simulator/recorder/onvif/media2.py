"""The Media2 service of Profile T: the same streams in other words, and those that Media cannot tell of."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from simulator.recorder.model import CameraModel
from simulator.recorder.onvif.media import SIZES, Media, live_uri, picture_uri
from simulator.recorder.onvif.services import Addresses, source_token
from simulator.recorder.onvif.soap import NOT_IMPLEMENTED, Fault, SoapRequest


@dataclass(slots=True)
class Media2:
    """Answers of the Media2 service; each gives the content of a SOAP body."""

    media: Media

    def get_profiles(self, request: SoapRequest, _addresses: Addresses) -> str:
        """The profiles, with only those of their configurations that are asked for."""
        kinds = {(element.text or "").strip() for element in request.body.iter("Type")}
        rows = "".join(
            self._profile(camera, quality, kinds)
            for camera in self.media.model.cameras.values()
            if camera.number in self.media.switches.media2
            for quality in ("sub", "main")
        )
        return f"<tr2:GetProfilesResponse>{rows}</tr2:GetProfilesResponse>"

    def get_stream_uri(self, request: SoapRequest, addresses: Addresses) -> str:
        """Where a profile's live video is."""
        if request.text("Protocol") not in {"RTSP", "RtspUnicast"}:
            raise Fault("InvalidArgVal", "InvalidStreamSetup")
        token = request.text("ProfileToken")
        self.media.camera(token)
        return (
            f"<tr2:GetStreamUriResponse><tr2:Uri>{live_uri(token, addresses)}</tr2:Uri>"
            "</tr2:GetStreamUriResponse>"
        )

    def get_snapshot_uri(self, request: SoapRequest, addresses: Addresses) -> str:
        """Where a profile's picture is."""
        if self.media.switches.snapshot_missing:
            raise Fault(*NOT_IMPLEMENTED, receiver=True)
        uri = picture_uri(self.media.camera(request.text("ProfileToken")), addresses)
        return f"<tr2:GetSnapshotUriResponse><tr2:Uri>{uri}</tr2:Uri></tr2:GetSnapshotUriResponse>"

    def get_osds(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """What is written into the pictures."""
        return f"<tr2:GetOSDsResponse>{self.media.osds('tr2')}</tr2:GetOSDsResponse>"

    def _profile(self, camera: CameraModel, quality: str, kinds: set[str]) -> str:
        number = camera.number
        width, height = SIZES[quality]
        source = (
            f'<tr2:VideoSource token="VideoSourceConfig_{number}">'
            f"<tt:Name>{escape(self.media.name_of(camera))}</tt:Name><tt:UseCount>2</tt:UseCount>"
            f"<tt:SourceToken>{source_token(number)}</tt:SourceToken>"
            '<tt:Bounds x="0" y="0" width="1920" height="1080"/></tr2:VideoSource>'
        )
        encoder = (
            f'<tr2:VideoEncoder token="VideoEncoder_{number}_{quality}" GovLength="50" Profile="Main">'
            f"<tt:Name>{quality}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H265</tt:Encoding>"
            f"<tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution>"
            "<tt:Quality>4</tt:Quality></tr2:VideoEncoder>"
        )
        inside = (source if kinds & {"All", "VideoSource"} else "") + (
            encoder if kinds & {"All", "VideoEncoder"} else ""
        )
        return (
            f'<tr2:Profiles token="Profile_{number}_{quality}" fixed="true">'
            f"<tr2:Name>{quality}Stream</tr2:Name><tr2:Configurations>{inside}</tr2:Configurations></tr2:Profiles>"
        )
