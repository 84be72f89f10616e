import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from nvr_client.errors import BadAnswer, NotSupported, TooSlow
from nvr_client.protocol import Channel
from simulator.recorder.dahua import SimulatedDahuaRecorder
from tests.nvr_client.conftest import NOON, ScriptedDevice, Site, span
from tests.nvr_client.dahua.conftest import ScriptedCgi


async def test_a_number_for_a_type_is_replaced_by_the_model(
    site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    device = await site.connect().device()
    assert device.model == "DHI-NVR5432-16P-4KS3"
    assert device.firmware == "4.003.0000000.1.R build 2025-03-18"
    recorder.switches.numeric_device_type = False
    assert (await site.connect().device()).model == device.model


async def test_a_type_without_a_model_is_asked_for_elsewhere(scripted_site: Site, cgi: ScriptedCgi) -> None:
    cgi.answers["magicBox.getSystemInfo"] = "deviceType=31\r\nserialNumber=7L0A3\r\n"
    cgi.answers["magicBox.getDeviceType"] = "type=KX-C4K8232SN2\r\n"
    device = await scripted_site.connect().device()
    assert (device.model, device.serial, device.firmware, device.name) == ("KX-C4K8232SN2", "7L0A3", "", "")


@pytest.mark.parametrize("listed", ["camera_all", "uuid", "index"])
@pytest.mark.parametrize("states", [True, False], ids=["states", "video loss"])
async def test_only_plugged_cameras_are_listed_whatever_the_firmware_offers(
    listed: str, states: bool, site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    recorder.switches.camera_list = listed  # type: ignore[assignment] # one of the three
    recorder.switches.camera_state_supported = states
    client = site.connect()
    recorder.camera(2).online = False
    assert await client.channels() == [
        Channel(number, camera.name, online=number != 2) for number, camera in recorder.model.cameras.items()
    ]


@pytest.mark.parametrize("said", ["200", "400"])
@pytest.mark.parametrize("errors_with_200", [True, False])
async def test_no_camera_lost_is_said_by_an_error(
    said: str, errors_with_200: bool, site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    recorder.switches.camera_state_supported = False
    recorder.switches.video_loss = said  # type: ignore[assignment] # one of the two
    recorder.switches.errors_with_200 = errors_with_200
    assert {channel.online for channel in await site.connect().channels()} == {True}


async def test_a_device_that_cannot_tell_a_state_says_so(scripted_site: Site, cgi: ScriptedCgi) -> None:
    cgi.answers["configManager.getConfig.ChannelTitle"] = (
        "table.ChannelTitle[0].Name=Cổng\r\ntable.ChannelTitle[1].Name=Sân\r\n"
    )
    assert await scripted_site.connect().channels() == [
        Channel(1, "Cổng", online=None),
        Channel(2, "Sân", online=None),
    ]


async def test_forbidden_names_leave_cameras_without_names(
    site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    recorder.switches.refused_configs = frozenset({"ChannelTitle"})
    client = site.connect()
    assert {channel.name for channel in await client.channels()} == {""}
    assert not client.blocked


async def test_connection_states_are_read_and_empty_slots_left_out(
    scripted_site: Site, cgi: ScriptedCgi
) -> None:
    words = ("Connected", "Unconnect", "Connecting", "Empty", "Disable")
    cgi.answers["LogicDeviceManager.getCameraState"] = "".join(
        f"states[{number}].channel={number}\r\nstates[{number}].connectionState={word}\r\n"
        for number, word in enumerate(words)
    )
    channels = await scripted_site.connect().channels()
    assert [(channel.number, channel.online) for channel in channels] == [(1, True), (2, False), (3, False)]


async def test_a_device_that_lists_nothing_is_not_supported(scripted_site: Site, cgi: ScriptedCgi) -> None:
    with pytest.raises(NotSupported):
        await scripted_site.connect().channels()


@pytest.mark.parametrize("prefix", ["list.info", "list"])
async def test_partitions_are_added_up_and_a_fault_in_one_is_told(
    prefix: str, scripted_site: Site, cgi: ScriptedCgi
) -> None:
    def disk(number: int, state: str, second_is_faulty: str) -> str:
        rows = {"Name": f"/dev/sd{number}", "State": state}
        for part, faulty in enumerate(("false", second_is_faulty)):
            rows |= {
                f"Detail[{part}].TotalBytes": "3000500000000.000000",
                f"Detail[{part}].UsedBytes": "3000500000000.000000",
                f"Detail[{part}].IsError": faulty,
            }
        return "".join(f"{prefix}[{number}].{key}={value}\r\n" for key, value in rows.items())

    cgi.answers["storageDevice.getDeviceAllInfo"] = (
        disk(0, "Success", "false") + disk(1, "Success", "true") + disk(2, "Error", "false")
    )
    disks = await scripted_site.connect().storage()
    assert [(one.name, one.healthy) for one in disks] == [
        ("/dev/sd0", True),
        ("/dev/sd1", False),
        ("/dev/sd2", False),
    ]
    assert disks[0].capacity_bytes == 6_001_000_000_000
    assert disks[0].free_bytes == 0


async def test_a_disk_without_a_state_is_judged_by_its_partitions(
    site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    recorder.switches.disk_state_lines = False
    recorder.switches.faulty_disks = frozenset({"/dev/sdb"})
    disks = await site.connect().storage()
    assert [(disk.name, disk.healthy) for disk in disks] == [("/dev/sda", True), ("/dev/sdb", False)]


async def test_an_account_that_may_not_read_the_system_info_still_learns_the_model(
    site: Site, recorder: SimulatedDahuaRecorder, scripted_site: Site, cgi: ScriptedCgi
) -> None:
    recorder.switches.refused_actions = frozenset({"magicBox.getSystemInfo"})
    device = await site.connect().device()
    assert (device.model, device.serial) == ("DHI-NVR5432-16P-4KS3", "")
    cgi.answers["magicBox.getSystemInfo"] = ""
    with pytest.raises(BadAnswer):
        await scripted_site.connect().device()


@pytest.mark.parametrize("begins_with", ["", "\ufeff", "\r\n  ", "\ufeff\r\n "])
@pytest.mark.parametrize("line_feeds", [True, False])
@pytest.mark.parametrize("errors_with_200", [True, False])
async def test_text_is_read_whatever_it_begins_and_its_lines_end_with(
    begins_with: str,
    line_feeds: bool,
    errors_with_200: bool,
    site: Site,
    recorder: SimulatedDahuaRecorder,
) -> None:
    switches = recorder.switches
    switches.text_begins_with, switches.bare_line_feeds = begins_with, line_feeds
    switches.errors_with_200 = errors_with_200
    switches.camera_state_supported = False
    client = site.connect()
    assert len(await client.channels()) == len(recorder.model.cameras)
    assert (await client.clock()).offset.total_seconds() == 94
    morning = span(NOON - timedelta(hours=2), seconds=7200)
    assert await client.recordings(1, morning) == [morning]
    assert await client.recordings(1, span(NOON - timedelta(days=90))) == []
    assert recorder.open_finders == 0


async def test_one_raid_and_no_list_at_all(scripted_site: Site, cgi: ScriptedCgi) -> None:
    with pytest.raises(NotSupported):
        await scripted_site.connect().storage()
    cgi.answers["storageDevice.getDeviceAllInfo"] = (
        "list.info[0].Name=/dev/md0\r\nlist.info[0].State=Success\r\nlist.info[0].Detail[0].TotalBytes=n/a\r\n"
    )
    (disk,) = await scripted_site.connect().storage()
    assert (disk.name, disk.healthy, disk.capacity_bytes) == ("/dev/md0", True, 0)


async def test_a_clock_without_leading_noughts_is_read_and_nonsense_is_not(
    site: Site, recorder: SimulatedDahuaRecorder, scripted_site: Site, cgi: ScriptedCgi
) -> None:
    recorder.switches.short_times = True
    assert (await site.connect().clock()).offset.total_seconds() == 94
    cgi.answers["global.getCurrentTime"] = "result=soon\r\n"
    with pytest.raises(BadAnswer):
        await scripted_site.connect().clock()
    cgi.answers["global.getCurrentTime"] = web.Response(text="Error\r\nBad Request!\r\n")
    with pytest.raises(BadAnswer):
        await scripted_site.connect().clock()


async def test_an_answer_that_only_trickles_in_is_too_slow(
    scripted_site: Site, cgi: ScriptedCgi, device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = scripted_site.connect()
    assert (await client.device()).serial == "7L0A3"
    monkeypatch.setattr("nvr_client.transport.TOTAL_TIMES", 0.05)

    async def trickle(request: web.Request, _body: bytes) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"list.info[0].Name=/dev/sda\r\n")
            await asyncio.sleep(0.05)

    device.on("GET", "/cgi-bin/storageDevice.cgi", trickle)
    async with asyncio.timeout(5):
        with pytest.raises(TooSlow):
            await client.storage()
