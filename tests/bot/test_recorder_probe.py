"""The probe says what a recorder does, tries a password once, and its file tells nothing of the school."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.doctor.findings import Finding, State
from bot.probe.probe import Probe
from nvr_client.settings import RecorderSettings
from simulator.recorder import SimulatedRecorder, ngoc_lam_cameras
from simulator.recorder.base import PoweredRecorder
from simulator.recorder.dahua import SimulatedDahuaRecorder
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.bot.waiting import utc_now

ROOT = Path(__file__).parents[2]
USERNAME = "giam-sat"
PASSWORD = "mật-khẩu&:@/ riêng 1"
WRONG_PASSWORD = "khong-phai-mat-khau"
SIMULATORS: dict[str, Callable[..., PoweredRecorder]] = {
    "hikvision": SimulatedRecorder,
    "dahua": SimulatedDahuaRecorder,
    "onvif": SimulatedOnvifRecorder,
}


@pytest.fixture(params=SIMULATORS)
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def recorder(vendor: str) -> AsyncIterator[PoweredRecorder]:
    cameras = [camera for camera in ngoc_lam_cameras() if camera.number in {1, 5, 6}]
    cameras[2].kept_days = 25
    async with SIMULATORS[vendor](
        username=USERNAME,
        password=PASSWORD,
        cameras=cameras,
        now=utc_now,
        clock_offset=timedelta(seconds=94),
    ) as running:
        yield running


@dataclass
class Probed:
    """What one probe told and would write."""

    found: dict[str, Finding] = field(default_factory=dict)
    diagnostics: dict[str, Any] = field(default_factory=dict)
    wrong: int = 0


async def probed(recorder: PoweredRecorder, **overrides: Any) -> Probed:
    known: dict[str, Any] = {
        "name": "thử",
        "vendor": "auto",
        "host": "127.0.0.1",
        "http_port": recorder.http_port,
        "rtsp_port": recorder.rtsp_port,
        "username": USERNAME,
        "password": PASSWORD,
    }
    told: list[Finding] = []
    probe = Probe(RecorderSettings(**(known | overrides)), utc_now, told.append)
    await probe.run()
    found = {finding.check: finding for finding in told}
    assert len(found) == len(told)
    for finding in told:
        assert finding.advice or finding.state is not State.WRONG, finding
        assert PASSWORD not in finding.told + finding.advice
    return Probed(found, probe.diagnostics(), probe.wrong)


async def test_a_probe_tells_what_a_recorder_is_and_does(recorder: PoweredRecorder, vendor: str) -> None:
    seen = await probed(recorder)
    states = {check: finding.state for check, finding in seen.found.items()}
    assert states == {
        "vendor": State.OK,
        "device": State.OK,
        "clock": State.WRONG,
        "channels": State.OK,
        "search": State.OK,
        "kept:1": State.NOTE,
        "kept:5": State.WRONG,
        "kept:6": State.OK,
        "kept": State.NOTE,
        "pictures": State.OK,
        "export": State.OK,
        "disks": State.NOTE if vendor == "onvif" else State.OK,
    }
    assert seen.wrong == 2  # the clock, and the camera with eleven days
    assert "nhanh 9" in seen.found["clock"].told
    assert "60 phút" in seen.found["search"].told
    assert "ĐỎ, 11," in seen.found["kept:5"].told
    assert "VÀNG, 21," in seen.found["kept:1"].told
    assert " ms, " in seen.found["pictures"].told
    assert "MB/s; đã kiểm tra" in seen.found["export"].told
    results = seen.diagnostics["results"]
    assert all(way["problem"] is None for way in results["pictures"])
    assert {way["way"] for way in results["pictures"]} >= {"picture", "key-frame"}
    assert results["export"]["whole"] is True
    assert recorder.rejected_logins == 0


async def test_the_diagnostics_tell_the_device_and_nothing_of_the_school(
    recorder: PoweredRecorder, vendor: str
) -> None:
    seen = await probed(recorder)
    document = seen.diagnostics
    assert document["vendor"] == vendor
    assert document["device"]["model"]
    assert document["device"]["firmware"]
    answered = [one for one in document["exchanges"] if one["status"] == 200 and one.get("body")]
    assert len(answered) > 8
    written = json.dumps(document, ensure_ascii=False)
    assert "C05" in written
    names = [camera.name for camera in ngoc_lam_cameras()]
    for secret in (PASSWORD, USERNAME, "127.0.0.1", "Authorization", "UsernameToken", *names):
        assert secret not in written, secret
    assert "ffd8ff" not in written  # how a picture begins


async def test_the_serial_number_is_a_short_hash(recorder: PoweredRecorder) -> None:
    seen = await probed(recorder)
    written = json.dumps(seen.diagnostics)
    assert seen.diagnostics["results"]["serial"].startswith("SN-")
    assert len(seen.diagnostics["results"]["serial"]) == 11
    assert "CCRRK" not in written  # of the pretend Hikvision's


async def test_a_wrong_password_is_tried_once(recorder: PoweredRecorder) -> None:
    seen = await probed(recorder, password=WRONG_PASSWORD)
    assert recorder.rejected_logins == 1
    assert list(seen.found) == ["vendor", "device"]
    assert "từ chối tên hoặc mật khẩu" in seen.found["device"].told
    assert WRONG_PASSWORD not in json.dumps(seen.diagnostics)
    assert seen.wrong == 1


async def test_a_recorder_that_is_off_is_told_with_what_to_do(recorder: PoweredRecorder, vendor: str) -> None:
    await recorder.power_off()
    for asked in ("auto", vendor):
        seen = await probed(recorder, vendor=asked)
        assert seen.wrong == 1
        last = list(seen.found.values())[-1]
        assert "không tới được 127.0.0.1" in last.told
        assert "nguồn điện" in last.advice
        assert seen.diagnostics["device"] == {}


async def test_a_dark_camera_is_passed_over_for_a_lit_one(recorder: PoweredRecorder) -> None:
    recorder.camera(1).online = False
    seen = await probed(recorder)
    assert seen.found["pictures"].state is State.OK
    assert seen.found["pictures"].told.startswith("kênh 5")


async def test_cameras_that_recorded_nothing_are_red(recorder: PoweredRecorder) -> None:
    recorder.no_recordings = True
    seen = await probed(recorder)
    assert seen.found["search"].state is State.WRONG
    assert seen.found["export"].state is State.SKIPPED
    assert "ĐỎ" in seen.found["kept:1"].told


class Shell:
    """`./truccam recorder probe` of one recorder, as a person runs it."""

    def __init__(self, recorder: PoweredRecorder, folder: Path) -> None:
        self.recorder = recorder
        self.folder = folder

    async def probe(self, *arguments: str) -> tuple[int | None, str, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "recorder", "probe", *arguments),
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    async def probe_host(self, password: str, *more: str) -> tuple[int | None, str, str]:
        file = self.folder / "mat-khau.txt"
        file.write_text(password + "\n", "utf-8")
        return await self.probe(
            "127.0.0.1",
            *("--http-port", str(self.recorder.http_port), "--rtsp-port", str(self.recorder.rtsp_port)),
            *("--username", USERNAME, "--password-file", str(file), *more),
        )


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[Shell]:
    cameras = [camera for camera in ngoc_lam_cameras() if camera.number in {1, 2}]
    for camera in cameras:
        camera.kept_days = 25
    async with SimulatedRecorder(
        username=USERNAME, password=PASSWORD, cameras=cameras, now=utc_now
    ) as running:
        yield Shell(running, tmp_path)


async def test_the_command_prints_each_finding_writes_its_file_and_is_content(shell: Shell) -> None:
    status, out, err = await shell.probe_host(PASSWORD, "-o", "chan-doan.json")
    assert (status, err) == (0, "")
    assert "Hikvision (ISAPI)" in out
    assert "Không có gì phải sửa." in out
    assert PASSWORD not in out
    document = json.loads((shell.folder / "chan-doan.json").read_text("utf-8"))
    assert document["format"] == "recorder-diagnostics"
    assert document["version"] == 1


async def test_the_command_fails_with_a_sentence_at_a_wrong_password(shell: Shell) -> None:
    status, out, err = await shell.probe_host(WRONG_PASSWORD)
    assert (status, err) == (1, "")
    assert "đừng thử đi thử lại" in out
    assert WRONG_PASSWORD not in out
    assert shell.recorder.rejected_logins == 1


async def test_a_configured_recorder_is_probed_by_its_name(shell: Shell) -> None:
    config = shell.folder / "truccam.toml"
    config.write_text(
        f'[[recorders]]\nname = "dau-ghi-1"\nvendor = "hikvision"\nhost = "127.0.0.1"\n'
        f"http_port = {shell.recorder.http_port}\nrtsp_port = {shell.recorder.rtsp_port}\n"
        f'username = "{USERNAME}"\npassword = "{PASSWORD}"\n',
        encoding="utf-8",
    )
    status, out, err = await shell.probe("--name", "dau-ghi-1")
    assert (status, err) == (0, ""), out
    status, out, err = await shell.probe("--name", "dau-ghi-9")
    assert status == 2
    assert "Đang có: dau-ghi-1" in err


async def test_without_a_terminal_a_password_file_is_asked_for(shell: Shell) -> None:
    status, out, err = await shell.probe("127.0.0.1", "--username", USERNAME)
    assert (status, out) == (2, "")
    assert "--password-file" in err
    status, _, err = await shell.probe("127.0.0.1", "--username", USERNAME, "--password-file", "khong-co")
    assert status == 2
    assert "Không đọc được tệp mật khẩu" in err
