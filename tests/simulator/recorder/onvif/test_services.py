"""The pretend device read by onvif-zeep-async as its own documentation says, without our client."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from onvif import ONVIFCamera
from PIL import Image
from zeep.exceptions import Fault

from simulator.footage.code import read_code
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.simulator.recorder.conftest import CLOCK_OFFSET, NOON, PASSWORD, USERNAME, Clock, ffmpeg

SETUP = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}


@asynccontextmanager
async def camera(recorder: SimulatedOnvifRecorder, password: str = PASSWORD) -> AsyncIterator[Any]:
    device = ONVIFCamera("127.0.0.1", recorder.http_port, USERNAME, password, no_cache=True)
    # The clock of the test stands still, so the library's own measuring would drift against it.
    device.dt_diff = NOON + CLOCK_OFFSET - datetime.now(UTC)
    try:
        devicemgmt = await device.create_devicemgmt_service()
        for service in await devicemgmt.GetServices({"IncludeCapability": False}):
            device.xaddrs[service.Namespace] = service.XAddr
        yield device
    finally:
        await device.close()


async def test_it_says_who_it_is_and_what_time_it_has(recorder: SimulatedOnvifRecorder) -> None:
    async with camera(recorder) as device:
        devicemgmt = await device.create_devicemgmt_service()
        about = await devicemgmt.GetDeviceInformation()
        assert (about.Model, about.SerialNumber) == ("NVR-3032", "ONV0012345678")
        told = await devicemgmt.GetSystemDateAndTime()
        assert (told.UTCDateTime.Time.Hour, told.UTCDateTime.Time.Minute, told.UTCDateTime.Time.Second) == (
            5,
            1,
            34,
        )
        assert (told.LocalDateTime.Time.Hour, told.TimeZone.TZ) == (12, "CST-7")
        assert (await devicemgmt.GetCapabilities({"Category": "All"})).Media.XAddr == (
            f"http://127.0.0.1:{recorder.http_port}/onvif/media_service"
        )


async def test_every_camera_has_a_source_and_two_profiles(recorder: SimulatedOnvifRecorder) -> None:
    async with camera(recorder) as device:
        media = await device.create_media_service()
        profiles = await media.GetProfiles()
        assert len(profiles) == 12
        assert len(await media.GetVideoSources()) == 6
        assert {profile.VideoSourceConfiguration.SourceToken for profile in profiles} == {
            f"VideoSource_{number}" for number in range(1, 7)
        }
        assert profiles[4].VideoSourceConfiguration.Name == "Nhà xe học sinh"


async def test_a_picture_and_a_live_stream_are_of_the_camera_now(
    recorder: SimulatedOnvifRecorder, tmp_path: Path, frames_of: Callable[[Path], list[Image.Image]]
) -> None:
    async with camera(recorder) as device:
        taken = await device.get_snapshot("Profile_3_main")
        assert read_code(Image.open(io.BytesIO(taken))) == (3, NOON)
        media = await device.create_media_service()
        uri = (await media.GetStreamUri({"StreamSetup": SETUP, "ProfileToken": "Profile_3_main"})).Uri
    login = f"rtsp://{quote(USERNAME)}:{quote(PASSWORD)}@"
    target = tmp_path / "live.mp4"
    code, complaints = await ffmpeg(
        "-rtsp_transport", "tcp", "-i", uri.replace("rtsp://", login), "-t", "1", "-c", "copy", target
    )
    assert (code, complaints) == (0, "")
    frames = await asyncio.to_thread(frames_of, target)
    assert {found[0] for frame in frames if (found := read_code(frame))} == {3}


async def test_recordings_come_in_pages_and_end(recorder: SimulatedOnvifRecorder) -> None:
    recorder.switches.page_size = 4
    async with camera(recorder) as device:
        search = await device.create_search_service()
        summary = await search.GetRecordingSummary()
        assert summary.NumberRecordings == 6
        assert summary.DataUntil == NOON + CLOCK_OFFSET
        token = await search.FindRecordings({"Scope": {}, "KeepAliveTime": timedelta(seconds=30)})
        first = await search.GetRecordingSearchResults({"SearchToken": token, "MaxResults": 100})
        second = await search.GetRecordingSearchResults({"SearchToken": token, "MaxResults": 100})
        assert (first.SearchState, len(first.RecordingInformation)) == ("Searching", 4)
        assert (second.SearchState, len(second.RecordingInformation)) == ("Completed", 2)
        oldest = {row.Source.SourceId: row.EarliestRecording for row in second.RecordingInformation}
        expected = recorder.model.oldest(2)
        assert expected is not None
        assert oldest["VideoSource_2"] == expected + CLOCK_OFFSET
        await search.EndSearch({"SearchToken": token})
        with pytest.raises(Fault):
            await search.GetRecordingSearchResults({"SearchToken": token})
        replay = await device.create_replay_service()
        uri = await replay.GetReplayUri({"StreamSetup": SETUP, "RecordingToken": "Recording_002"})
        assert uri == f"rtsp://127.0.0.1:{recorder.rtsp_port}/onvif/replay/Recording_002"


async def test_a_wrong_password_and_a_stale_token_are_not_authorized(
    recorder: SimulatedOnvifRecorder, clock: Clock
) -> None:
    async with camera(recorder, "sai") as device:
        with pytest.raises(Fault) as refused:
            await (await device.create_media_service()).GetProfiles()
        assert [code.localname for code in refused.value.subcodes] == ["NotAuthorized"]
    assert recorder.rejected_logins == 1
    async with camera(recorder) as device:
        media = await device.create_media_service()
        assert await media.GetProfiles()
        clock.advance(minutes=10)
        with pytest.raises(Fault):
            await media.GetProfiles()
    assert recorder.rejected_logins == 2


async def test_a_refusal_is_http_400_and_five_of_them_lock(recorder: SimulatedOnvifRecorder) -> None:
    envelope = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        '<GetProfiles xmlns="http://www.onvif.org/ver10/media/wsdl"/></s:Body></s:Envelope>'
    )
    url = f"http://127.0.0.1:{recorder.http_port}/onvif/media_service"
    async with aiohttp.ClientSession() as session, session.post(url, data=envelope) as answer:
        assert answer.status == 400
        assert "ter:NotAuthorized" in await answer.text()
    assert recorder.rejected_logins == 0
    async with camera(recorder, "sai") as device:
        media = await device.create_media_service()
        for _ in range(5):
            with pytest.raises(Fault):
                await media.GetProfiles()
    async with camera(recorder) as device:
        media = await device.create_media_service()
        with pytest.raises(Fault):
            await media.GetProfiles()
        recorder.gate.unlock()
        assert await media.GetProfiles()
