"""The device service, and the few calls of the recording and replay services."""

from dataclasses import dataclass

from simulator.recorder.model import SCHOOL_ZONE, RecorderModel
from simulator.recorder.onvif.clock import OnvifClock
from simulator.recorder.onvif.soap import NOT_IMPLEMENTED, Fault, SoapRequest
from simulator.recorder.onvif.switches import OnvifSwitches

_PATHS = {
    "http://www.onvif.org/ver10/device/wsdl": "device_service",
    "http://www.onvif.org/ver10/media/wsdl": "media_service",
    "http://www.onvif.org/ver20/media/wsdl": "media2_service",
    "http://www.onvif.org/ver10/events/wsdl": "event_service",
    "http://www.onvif.org/ver10/recording/wsdl": "recording_service",
    "http://www.onvif.org/ver10/search/wsdl": "search_service",
    "http://www.onvif.org/ver10/replay/wsdl": "replay_service",
}
_PROFILE_G = ("recording", "search", "replay")


@dataclass(frozen=True, slots=True)
class Addresses:
    """How the device names itself in answers: `http` and `rtsp` are scheme, host and port."""

    http: str
    rtsp: str


def recording_token(number: int) -> str:
    """The recording of a camera."""
    return f"Recording_{number:03d}"


def source_token(number: int) -> str:
    """The video source of a camera."""
    return f"VideoSource_{number}"


@dataclass(slots=True)
class Services:
    """Answers of the device, recording and replay services; each gives the content of a SOAP body."""

    model: RecorderModel
    clock: OnvifClock
    switches: OnvifSwitches

    def get_system_date_and_time(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """The clock, in whole seconds."""
        utc = self.clock.told(self.model.now())
        local = self.clock.shown(self.model.now()).astimezone(SCHOOL_ZONE)

        def written(name: str, hour: int, minute: int, second: int, date: tuple[int, int, int]) -> str:
            return (
                f"<tt:{name}><tt:Time><tt:Hour>{hour}</tt:Hour><tt:Minute>{minute}</tt:Minute>"
                f"<tt:Second>{second}</tt:Second></tt:Time><tt:Date><tt:Year>{date[0]}</tt:Year>"
                f"<tt:Month>{date[1]}</tt:Month><tt:Day>{date[2]}</tt:Day></tt:Date></tt:{name}>"
            )

        shown = "".join(
            written(name, at.hour, at.minute, at.second, (at.year, at.month, at.day))
            for name, at in (("UTCDateTime", utc), ("LocalDateTime", local))
        )
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual"
            "</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>"
            f"<tt:TimeZone><tt:TZ>CST-7</tt:TZ></tt:TimeZone>{shown}"
            "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )

    def get_services(self, _request: SoapRequest, addresses: Addresses) -> str:
        """Every service with its address."""
        if not self.switches.get_services:
            raise Fault(*NOT_IMPLEMENTED, receiver=True)
        rows = "".join(
            f"<tds:Service><tds:Namespace>{space}</tds:Namespace><tds:XAddr>{addresses.http}/onvif/{path}"
            "</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>"
            for space, path in _PATHS.items()
            if self._offered(path)
        )
        return f"<tds:GetServicesResponse>{rows}</tds:GetServicesResponse>"

    def get_capabilities(self, _request: SoapRequest, addresses: Addresses) -> str:
        """The older list of services; those of Profile G stand in its extension."""

        def entry(name: str, path: str) -> str:
            return f"<tt:{name}><tt:XAddr>{addresses.http}/onvif/{path}</tt:XAddr></tt:{name}>"

        more = ""
        if not self.switches.search_missing:
            for name in _PROFILE_G:
                more += entry(name.capitalize(), f"{name}_service")
        first = entry("Device", "device_service") + entry("Events", "event_service")
        media = (
            f"<tt:Media><tt:XAddr>{addresses.http}/onvif/media_service</tt:XAddr><tt:StreamingCapabilities/>"
            "</tt:Media>"
        )
        return (
            "<tds:GetCapabilitiesResponse><tds:Capabilities>"
            f"{first}{media}<tt:Extension>{more}</tt:Extension>"
            "</tds:Capabilities></tds:GetCapabilitiesResponse>"
        )

    def get_device_information(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """Maker, model, firmware, serial number."""
        return (
            "<tds:GetDeviceInformationResponse><tds:Manufacturer>Đầu ghi</tds:Manufacturer>"
            "<tds:Model>NVR-3032</tds:Model><tds:FirmwareVersion>3.2.1 build 260114</tds:FirmwareVersion>"
            "<tds:SerialNumber>ONV0012345678</tds:SerialNumber><tds:HardwareId>1.0</tds:HardwareId>"
            "</tds:GetDeviceInformationResponse>"
        )

    def get_recordings(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """Configured recordings, in no useful order."""
        items = "".join(
            f"<trc:RecordingItem><tt:RecordingToken>{recording_token(number)}</tt:RecordingToken>"
            f"<tt:Configuration><tt:Source><tt:SourceId>{source_token(number)}</tt:SourceId>"
            "<tt:Name/><tt:Location/><tt:Description/><tt:Address/></tt:Source><tt:Content/>"
            "<tt:MaximumRetentionTime>PT0S</tt:MaximumRetentionTime></tt:Configuration><tt:Tracks/>"
            "</trc:RecordingItem>"
            for number in sorted(self.model.cameras, reverse=True)
        )
        return f"<trc:GetRecordingsResponse>{items}</trc:GetRecordingsResponse>"

    def get_replay_uri(self, request: SoapRequest, addresses: Addresses) -> str:
        """Where a recording is played."""
        token = request.text("RecordingToken")
        number = next((each for each in self.model.cameras if recording_token(each) == token), None)
        if number is None:
            raise Fault("InvalidArgVal", "InvalidToken")
        uri = f"{addresses.rtsp}/onvif/replay/{token}"
        return f"<trp:GetReplayUriResponse><trp:Uri>{uri}</trp:Uri></trp:GetReplayUriResponse>"

    def _offered(self, path: str) -> bool:
        name = path.partition("_")[0]
        if name == "media2":
            return bool(self.switches.media2)
        if name == "media":
            return not self.switches.media2.issuperset(self.model.cameras)
        return not (self.switches.search_missing and name in _PROFILE_G)
