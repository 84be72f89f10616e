import pytest
from aiohttp import web

from nvr_client._vendors.hikvision.xml import check, parse
from nvr_client.errors import AccessRefused, BadAnswer, Busy, CameraOffline, NotSupported, RecorderError
from nvr_client.protocol import Channel
from nvr_client.transport import Answer
from simulator.recorder import SimulatedRecorder
from tests.nvr_client.conftest import ScriptedDevice, Site

CHANNELS = "/ISAPI/ContentMgmt/InputProxy/channels"
ANALOG = "/ISAPI/System/Video/inputs/channels"
STORAGE = "/ISAPI/ContentMgmt/Storage"


async def test_the_device_and_its_thirty_cameras_are_read(site: Site, recorder: SimulatedRecorder) -> None:
    client = site.connect()
    recorder.camera(2).online = False
    assert (await client.device()).model.startswith("DS-")
    assert [(channel.number, channel.name, channel.online) for channel in await client.channels()] == [
        (number, camera.name, number != 2) for number, camera in sorted(recorder.model.cameras.items())
    ]


async def test_a_hybrid_recorder_has_analog_inputs_and_network_channels_from_33(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    device.on(
        "GET",
        CHANNELS,
        '<InputProxyChannelList size="6" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
        '<InputProxyChannel xmlns="http://www.isapi.org/ver20/XMLSchema"><id>33</id><name>Cổng & sân</name>'
        "</InputProxyChannel></InputProxyChannelList>",
    )
    device.on(
        "GET",
        CHANNELS + "/status",
        "<L><S><id>33</id><chanDetectResult>netUnreachable</chanDetectResult></S></L>",
    )
    device.on(
        "GET",
        ANALOG,
        "<L><V><id>1</id><name>A1</name><resDesc>NO VIDEO</resDesc></V><V><id>2</id><name>A2</name></V></L>",
    )
    assert await scripted_site.connect().channels() == [
        Channel(1, "A1", online=False),
        Channel(2, "A2", online=None),
        Channel(33, "Cổng & sân", online=False),
    ]


async def test_a_refused_list_of_analog_inputs_is_no_error_but_two_refused_lists_are(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    device.on("GET", ANALOG, lambda _r, _b: web.Response(status=403))
    with pytest.raises(NotSupported):
        await scripted_site.connect().channels()
    device.on("GET", CHANNELS, "<L><C><id>1</id><name>Cổng</name></C></L>")
    assert await scripted_site.connect().channels() == [Channel(1, "Cổng", online=None)]


async def test_disks_are_in_mebibytes_full_is_healthy_and_ghosts_are_left_out(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    row = (
        "<hdd><id>{}</id><hddName>hdd{}</hddName><status>{}</status><capacity>5723166</capacity>"
        "<freeSpace>0</freeSpace><property>RW</property></hdd>"
    )
    rows = "".join(
        row.format(n, n, s) for n, s in enumerate(("ok", "smartFailed", "notexist", "sleeping"), 1)
    )
    device.on("GET", STORAGE, f"<storage><hddList>{rows}</hddList><nasList/></storage>")
    disks = await scripted_site.connect().storage()
    assert [(disk.name, disk.healthy) for disk in disks] == [("hdd1", True), ("hdd2", False), ("hdd4", True)]
    assert disks[0].capacity_bytes == 6_001_174_511_616
    assert disks[0].free_bytes == 0


async def test_old_firmware_lists_its_disks_elsewhere(scripted_site: Site, device: ScriptedDevice) -> None:
    with pytest.raises(NotSupported):
        await scripted_site.connect().storage()
    device.on(
        "GET",
        "/ISAPI/System/Storage/hardDisks",
        "<hddList><hdd><id>1</id><status>error</status><capacity>1</capacity></hdd></hddList>",
    )
    (disk,) = await scripted_site.connect().storage()
    assert (disk.name, disk.healthy, disk.capacity_bytes) == ("hdd1", False, 1024 * 1024)


@pytest.mark.parametrize(
    ("status", "code", "sub", "kind"),
    [
        (200, "3", "deviceError", BadAnswer),
        (200, "2", "deviceBusy", Busy),
        (503, "", "", Busy),
        (403, "4", "notSupport", NotSupported),
        (403, "", "", AccessRefused),
        (403, "4", "lowPrivilege", AccessRefused),
        (400, "6", "badXmlContent", BadAnswer),
        (404, "", "", NotSupported),
        (500, "3", "noVideo", CameraOffline),
        (418, "", "", BadAnswer),
        (200, "4", "somethingNew", NotSupported),
    ],
)
def test_an_error_is_told_by_its_sub_status_then_its_code_then_http(
    status: int, code: str, sub: str, kind: type[RecorderError]
) -> None:
    body = (
        f'<ResponseStatus xmlns="x"><statusCode>{code}</statusCode><subStatusCode>{sub}</subStatusCode>'
        "</ResponseStatus>"
    ).encode()
    with pytest.raises(kind):
        check(Answer(status, "text/html", body if code else b""))


def test_a_good_status_document_is_no_error() -> None:
    body = b"<ResponseStatus><statusCode>1</statusCode><subStatusCode>ok</subStatusCode></ResponseStatus>"
    assert check(Answer(200, "", body)).body == body


def test_broken_xml_is_a_bad_answer_and_odd_xml_is_read() -> None:
    assert parse(b"\xef\xbb\xbf\n<a xmlns='u'><b>x & y</b></a>").findtext("b") == "x & y"
    assert (
        parse('<?xml version="1.0" encoding="UTF-8"?><a><b>C\xe9</b></a>'.encode("latin-1")).find("b")
        is not None
    )
    with pytest.raises(BadAnswer):
        parse(b"<a><b></a>")
