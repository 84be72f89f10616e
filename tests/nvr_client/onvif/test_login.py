import asyncio
import logging
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from nvr_client.errors import AccessRefused, LoginBlocked, NotSupported
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.nvr_client.conftest import Site, left_in, span


async def test_a_token_is_dated_by_the_clock_of_the_device(
    site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    for offset in (timedelta(hours=-30), timedelta(seconds=-94), timedelta(hours=7)):
        recorder.clock.offset = offset
        assert (await site.connect().device()).serial == "ONV0012345678"
    assert recorder.rejected_logins == 0


async def test_a_device_that_wants_http_digest_gets_no_token(
    site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.http_digest = True
    client = site.connect()
    assert (await client.device()).model == "Đầu ghi NVR-3032"
    assert len(await client.channels()) == 6
    assert recorder.rejected_logins == 0


@pytest.mark.parametrize("http_digest", [False, True])
async def test_a_wrong_password_is_sent_once_and_a_person_lets_it_be_tried_again(
    http_digest: bool, site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.http_digest = http_digest
    recorder.password_ok = False
    client = site.connect()
    outcomes = await asyncio.gather(
        *(client.snapshot(number) for number in range(1, 7)), return_exceptions=True
    )
    assert {isinstance(outcome, AccessRefused) for outcome in outcomes} == {True}
    with pytest.raises(LoginBlocked):
        await client.channels()
    assert recorder.rejected_logins == 1
    recorder.password_ok = True
    client.unblock()
    assert len(await client.channels()) == 6
    assert recorder.rejected_logins == 1
    assert site.changes == [("dau-ghi-1", "blocked")]


async def test_a_device_that_tells_its_name_to_anybody_gets_a_token_when_it_wants_one(
    site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.open_information = True
    client = site.connect()
    assert (await client.device()).serial == "ONV0012345678"
    pictures = await asyncio.gather(*(client.snapshot(number) for number in range(1, 7)))
    assert all(picture.startswith(b"\xff\xd8") for picture in pictures)
    assert len(await client.channels()) == 6
    assert recorder.rejected_logins == 0


async def test_its_wrong_password_is_sent_once_too(site: Site, recorder: SimulatedOnvifRecorder) -> None:
    recorder.switches.open_information = True
    recorder.password_ok = False
    client = site.connect()
    outcomes = await asyncio.gather(
        *(client.oldest(number) for number in range(1, 7)), return_exceptions=True
    )
    assert {isinstance(outcome, AccessRefused) for outcome in outcomes} == {True}
    assert recorder.rejected_logins == 1


async def test_a_device_that_asks_for_a_login_only_for_pictures_and_video_gets_it_there(
    site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.open_services = True
    client = site.connect()
    assert (await client.snapshot(2)).startswith(b"\xff\xd8")
    await client.live_clip(2, timedelta(seconds=1), tmp_path / "live.mp4")
    assert recorder.rejected_logins == 0


@pytest.mark.parametrize("video_first", [False, True])
async def test_its_wrong_password_is_sent_once_to_pictures_or_to_video(
    video_first: bool, site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.open_services = True
    recorder.password_ok = False
    client = site.connect()
    calls = [client.snapshot(2), client.live_clip(2, timedelta(seconds=1), tmp_path / "live.mp4")]
    for call in reversed(calls) if video_first else calls:
        with pytest.raises(AccessRefused):
            await call
    assert recorder.rejected_logins == 1
    assert site.changes == [("dau-ghi-1", "blocked")]


async def test_the_login_follows_no_address_to_another_host(
    site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.wrong_host = True
    client = site.connect()
    assert len(await client.channels()) == 6
    assert (await client.snapshot(2)).startswith(b"\xff\xd8")
    await client.live_clip(2, timedelta(seconds=1), tmp_path / "live.mp4")
    made = await client.export(2, span(seconds=2), tmp_path / "clip")
    assert made.method == "replay"


async def test_a_device_with_only_the_older_list_of_services_is_understood(
    site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.get_services = False
    client = site.connect()
    assert len(await client.channels()) == 6
    assert await client.oldest(5) == recorder.model.oldest(5)
    assert recorder.calls["GetCapabilities"] == 1


async def test_a_camera_without_recordings_still_gives_pictures(
    site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.search_missing = True
    client = site.connect()
    assert (await client.snapshot(1)).startswith(b"\xff\xd8")
    for call in (client.oldest(1), client.recordings(1, span()), client.export(1, span(), tmp_path / "clip")):
        with pytest.raises(NotSupported):
            await call


async def test_disks_are_said_to_be_unknown(site: Site) -> None:
    with pytest.raises(NotSupported):
        await site.connect().storage()


async def test_the_library_leaves_logging_the_environment_and_the_home_alone(
    site: Site, tmp_path: Path
) -> None:
    program = (
        "import asyncio, logging, os, sys\n"
        "from datetime import UTC, datetime\n"
        "from nvr_client.errors import AccessRefused\n"
        "from nvr_client.factory import RecorderSettings, connect\n"
        "assert 'zeep' not in sys.modules and 'onvif' not in sys.modules\n"
        "async def main():\n"
        "    settings = RecorderSettings(name='n', vendor='onvif', host='127.0.0.1',\n"
        f"        http_port={site.http_port}, username='x', password='y')\n"
        "    client = connect(settings, now=lambda: datetime.now(UTC))\n"
        "    try:\n"
        "        await client.device()\n"
        "    except AccessRefused:\n"
        "        print('refused')\n"
        "    await client.aclose()\n"
        "asyncio.run(main())\n"
        "assert 'onvif' in sys.modules\n"
        "assert logging.getLogger().handlers == [] and logging.getLogger().level == logging.WARNING\n"
        "assert os.environ['http_proxy'] == 'http://192.0.2.1:9'\n"
    )
    environment = os.environ | {"HOME": str(tmp_path), "http_proxy": "http://192.0.2.1:9"}
    environment.pop("XDG_CACHE_HOME", None)
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "refused\n" in run.stdout
    assert left_in(tmp_path) == []


async def test_no_call_stops_the_program_for_long(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    client = site.connect()
    stalls = [0.0]

    async def watch() -> None:
        while True:
            before = loop.time()
            await asyncio.sleep(0.005)
            stalls.append(loop.time() - before - 0.005)

    watching = asyncio.create_task(watch())
    await client.channels()
    await client.oldest(1)
    watching.cancel()
    assert max(stalls) < 0.25  # 0.05 s on a quiet machine; the machines of tests are not
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
