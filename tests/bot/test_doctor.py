"""The doctor says what is wrong and what to do, once each, and asks a recorder with a wrong password once."""

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.telegram import TelegramChannel
from bot.cli.doctor import line_of
from bot.doctor.examination import examine
from bot.doctor.findings import Finding, State
from bot.settings import load
from domain.audit import Entry
from simulator.recorder import SimulatedRecorder
from simulator.telegram import SimulatedTelegram
from storage.store import Store
from tests.bot.waiting import utc_now

ROOT = Path(__file__).parents[2]
PASSWORD = "mat-khau rieng#1"
WRONG_PASSWORD = "khong-phai-mat-khau"
ROOM = 50_000_000_000


@dataclass
class Patient:
    """A school whose parts can be made to fail, and the doctor's findings about it."""

    folder: Path
    recorder: SimulatedRecorder
    telegram: SimulatedTelegram
    password: str = PASSWORD
    more: str = ""
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        path = self.folder / "truccam.toml"
        cameras = "".join(
            f'\n[[cameras]]\ncode = "C{number:02}"\nname = "Camera {number}"\n'
            f'recorder = "dau-ghi-1"\nchannel = {number}\n'
            for number in (1, 2, 3)
        )
        path.write_text(
            f'[telegram]\ntoken = "{self.telegram.token}"\napi_base = "{self.telegram.base_url}"\n'
            f'[[recorders]]\nname = "dau-ghi-1"\nvendor = "hikvision"\nhost = "127.0.0.1"\n'
            f"http_port = {self.recorder.http_port}\nrtsp_port = {self.recorder.rtsp_port}\n"
            f'username = "truccam"\npassword = "{self.password}"\n{cameras}{self.more}',
            encoding="utf-8",
        )
        return path

    async def examined(
        self, *, free_bytes: int = ROOM, ahead: timedelta = timedelta(0)
    ) -> Mapping[str, Finding]:
        def clock() -> datetime:
            return utc_now() + ahead

        settings = load(self.config, self.environ)
        found = await examine(settings, clock=clock, free=lambda _folder: free_bytes)
        assert len({finding.check for finding in found}) == len(found)
        return {finding.check: finding for finding in found}

    async def store(self) -> Store:
        store = await Store.open(f"sqlite:///{self.folder}/var/truccam.db")
        await store.migrate()
        async with store.begin() as uow:
            for number in range(3):
                await uow.audit.write(Entry(utc_now(), None, "operator", "test:done", f"thing {number}"))
            await uow.commit()
        return store


@pytest.fixture
async def patient(tmp_path: Path, telegram: SimulatedTelegram) -> AsyncIterator[Patient]:
    async with SimulatedRecorder(username="truccam", password=PASSWORD) as recorder:
        # Four of the school's cameras begin without a signal; here all are well.
        for number in recorder.model.cameras:
            recorder.camera(number).online = True
        yield Patient(tmp_path, recorder, telegram)


def wrong(found: Mapping[str, Finding]) -> list[str]:
    return [check for check, finding in found.items() if finding.state is State.WRONG]


async def test_a_well_school_has_nothing_wrong(patient: Patient) -> None:
    await (await patient.store()).aclose()
    found = await patient.examined()
    assert wrong(found) == []
    assert [finding for finding in found.values() if finding.state is State.SKIPPED] == []
    assert list(found) == [
        "settings",
        "database",
        "audit",
        "recorder:dau-ghi-1",
        "recorder:dau-ghi-1:clock",
        "recorder:dau-ghi-1:cameras",
        "recorder:dau-ghi-1:picture",
        "recorder:dau-ghi-1:kept",
        "recorder:dau-ghi-1:disks",
        "telegram",
        "telegram:updates",
        "clock",
        "disk",
        "ffmpeg",
    ]
    assert found["audit"].told == "nguyên vẹn, 3 dòng"
    assert f"@{patient.telegram.username}" in found["telegram"].told
    assert patient.recorder.rejected_logins == 0
    assert patient.telegram.calls["getupdates"] == 0, "the running service must not lose an update"


async def test_a_recorder_that_is_off_is_told_and_the_rest_is_looked_at(patient: Patient) -> None:
    await patient.recorder.power_off()
    found = await patient.examined()
    assert wrong(found) == ["recorder:dau-ghi-1"]
    assert "không tới được 127.0.0.1:" in found["recorder:dau-ghi-1"].told
    assert "nguồn điện" in found["recorder:dau-ghi-1"].advice
    assert found["recorder:dau-ghi-1:clock"].state is State.SKIPPED
    assert found["telegram"].state is State.OK


async def test_a_wrong_password_is_tried_once(patient: Patient) -> None:
    patient.password = WRONG_PASSWORD
    found = await patient.examined()
    assert wrong(found) == ["recorder:dau-ghi-1"]
    assert "từ chối" in found["recorder:dau-ghi-1"].told
    assert "khóa tài khoản" in found["recorder:dau-ghi-1"].advice
    assert patient.recorder.rejected_logins == 1


async def test_a_locked_account_is_told_and_not_tried_again(patient: Patient) -> None:
    patient.password = WRONG_PASSWORD
    while patient.recorder.rejected_logins < 5:
        await patient.examined()
    patient.password = PASSWORD
    found = await patient.examined()
    assert wrong(found) == ["recorder:dau-ghi-1"]
    assert "khóa" in found["recorder:dau-ghi-1"].advice
    assert patient.recorder.rejected_logins == 5


async def test_a_recorder_that_hangs_is_told_apart_from_one_that_is_off(patient: Patient) -> None:
    patient.recorder.switches.hang = True
    found = await patient.examined()
    assert wrong(found) == ["recorder:dau-ghi-1"]
    assert "không trả lời" in found["recorder:dau-ghi-1"].told
    assert "khởi động lại" in found["recorder:dau-ghi-1"].advice


async def test_something_else_at_the_recorders_address_is_told(patient: Patient) -> None:
    patient.environ = {
        "TRUCCAM_RECORDERS__DAU_GHI_1__HTTP_PORT": patient.telegram.base_url.rpartition(":")[2]
    }
    found = await patient.examined()
    assert wrong(found) == ["recorder:dau-ghi-1"]


async def test_a_recorders_wrong_clock_is_told_with_its_direction(patient: Patient) -> None:
    patient.recorder.clock.offset = timedelta(seconds=94)
    found = await patient.examined()
    assert wrong(found) == ["recorder:dau-ghi-1:clock"]
    assert found["recorder:dau-ghi-1:clock"].told.startswith("nhanh 9")
    patient.recorder.clock.offset = timedelta(minutes=-10)
    found = await patient.examined()
    assert found["recorder:dau-ghi-1:clock"].told.startswith("chậm 10 phút")


async def test_a_camera_on_a_channel_that_is_not_there_is_named(patient: Patient) -> None:
    patient.more = '\n[[cameras]]\ncode = "C77"\nname = "X"\nrecorder = "dau-ghi-1"\nchannel = 77\n'
    found = await patient.examined()
    assert wrong(found) == ["recorder:dau-ghi-1:cameras"]
    assert "C77" in found["recorder:dau-ghi-1:cameras"].told


async def test_a_camera_without_a_signal_is_named_and_another_one_is_photographed(patient: Patient) -> None:
    patient.recorder.camera(1).online = False
    found = await patient.examined()
    assert wrong(found) == ["recorder:dau-ghi-1:cameras"]
    assert found["recorder:dau-ghi-1:cameras"].told == "mất tín hiệu: C01"
    assert found["recorder:dau-ghi-1:picture"].told.startswith("C02")


async def test_channels_that_the_settings_do_not_name_are_only_noted(patient: Patient) -> None:
    found = await patient.examined()
    assert found["recorder:dau-ghi-1:cameras"].state is State.NOTE
    assert "4, 5, 6, 7, 8, 9 và 21 nữa" in found["recorder:dau-ghi-1:cameras"].told


async def test_a_recorder_of_another_maker_than_told_is_a_problem_of_the_recorder(patient: Patient) -> None:
    patient.environ = {"TRUCCAM_RECORDERS__DAU_GHI_1__VENDOR": "dahua"}
    found = await patient.examined()
    assert wrong(found) == ["recorder:dau-ghi-1"]
    assert found["recorder:dau-ghi-1:clock"].state is State.SKIPPED


async def test_a_recorder_whose_maker_is_found_out_is_as_well(patient: Patient) -> None:
    patient.environ = {"TRUCCAM_RECORDERS__DAU_GHI_1__VENDOR": "auto"}
    assert wrong(await patient.examined()) == []


async def test_settings_without_a_camera_are_told(patient: Patient) -> None:
    config = patient.config
    config.write_text(config.read_text("utf-8").partition("[[cameras]]")[0], "utf-8")
    found = await examine(load(config, {}), free=lambda _folder: ROOM)
    assert [one.check for one in found if one.state is State.WRONG] == ["settings"]


async def test_a_wrong_token_is_told_without_telling_it(patient: Patient) -> None:
    patient.environ = {"TRUCCAM_TELEGRAM__TOKEN": "123456:WRONG-SECRET"}
    found = await patient.examined()
    assert wrong(found) == ["telegram"]
    assert "@BotFather" in found["telegram"].advice
    assert found["clock"].state is State.SKIPPED
    assert "WRONG-SECRET" not in str(found)


async def test_a_telegram_that_cannot_be_reached_is_told_with_the_proxy_but_not_its_password(
    patient: Patient,
) -> None:
    await patient.telegram.cut(True)
    found = await patient.examined()
    assert wrong(found) == ["telegram"]
    assert "telegram.proxy" in found["telegram"].advice
    await patient.telegram.cut(False)
    patient.environ = {"TRUCCAM_TELEGRAM__PROXY": "http://may:mat-khau-proxy@127.0.0.1:9"}
    found = await patient.examined()
    assert wrong(found) == ["telegram"]
    assert "qua proxy 127.0.0.1:9" in found["telegram"].told
    assert "mat-khau-proxy" not in str(found)


async def test_without_a_token_nobody_can_write_to_the_bot(patient: Patient) -> None:
    patient.environ = {"TRUCCAM_TELEGRAM__TOKEN": ""}
    assert wrong(await patient.examined()) == ["telegram"]


async def test_a_webhook_of_another_program_is_noted_without_its_secret_path(patient: Patient) -> None:
    channel = TelegramChannel(token=patient.telegram.token, now=utc_now, api_base=patient.telegram.base_url)
    await channel._bot.set_webhook("https://other.example/duong-dan-bi-mat")
    await channel.aclose()
    found = await patient.examined()
    assert wrong(found) == []
    assert found["telegram:updates"].state is State.NOTE
    assert "other.example" in found["telegram:updates"].told
    assert "duong-dan-bi-mat" not in str(found)


async def test_a_webhook_that_telegram_cannot_call_is_told_with_its_reason(patient: Patient) -> None:
    patient.environ = {
        "TRUCCAM_TELEGRAM__MODE": "webhook",
        "TRUCCAM_WEB__PUBLIC_URL": "http://127.0.0.1:9",
    }
    found = await patient.examined()
    assert found["telegram:updates"].state is State.NOTE, "not set yet: the service will"
    channel = TelegramChannel(token=patient.telegram.token, now=utc_now, api_base=patient.telegram.base_url)
    await channel._bot.set_webhook("http://127.0.0.1:9/telegram/duong-dan-bi-mat")
    assert wrong(await patient.examined()) == []
    await patient.telegram.person("Sơn", 11).say("có ai không")
    webhook = patient.telegram._world.updates.webhook
    assert webhook is not None
    await patient.telegram.bell.until(lambda: webhook.last_error_date > 0, 5)
    await channel.aclose()
    found = await patient.examined()
    assert wrong(found) == ["telegram:updates"]
    assert "Connection failed" in found["telegram:updates"].told
    assert "duong-dan-bi-mat" not in str(found)


async def test_a_wrong_clock_of_this_machine_is_told(patient: Patient) -> None:
    found = await patient.examined(ahead=timedelta(hours=1))
    assert "clock" in wrong(found)
    assert found["clock"].told == "nhanh 60 phút so với Telegram"
    found = await patient.examined(ahead=timedelta(seconds=2))
    assert "clock" not in wrong(found)


async def test_a_disk_that_is_nearly_full_is_told(patient: Patient) -> None:
    found = await patient.examined(free_bytes=900_000_000)
    assert wrong(found) == ["disk"]
    assert "0.9 GB" in found["disk"].told
    assert wrong(await patient.examined(free_bytes=4_000_000_000)) == []


@pytest.mark.parametrize("program", ["/nowhere/ffmpeg", sys.executable])
async def test_an_ffmpeg_that_does_not_run_or_is_none_is_told(patient: Patient, program: str) -> None:
    patient.environ = {"TRUCCAM_MEDIA__FFMPEG": program}
    found = await patient.examined()
    assert wrong(found) == ["ffmpeg"]
    assert "media.ffmpeg" in found["ffmpeg"].advice


async def test_a_changed_audit_log_is_told_with_its_first_wrong_line(patient: Patient) -> None:
    await (await patient.store()).aclose()
    with sqlite3.connect(patient.folder / "var/truccam.db") as database:
        database.execute("DROP TRIGGER audit_no_update")
        database.execute("UPDATE audit SET about = 'thing 9' WHERE number = 2")
    database.close()
    found = await patient.examined()
    assert wrong(found) == ["audit"]
    assert "dòng 2" in found["audit"].told


async def test_a_database_that_is_damaged_or_not_there_is_told(patient: Patient) -> None:
    (patient.folder / "var").mkdir()
    (patient.folder / "var/truccam.db").write_bytes(b"not a database at all" * 100)
    found = await patient.examined()
    assert wrong(found) == ["database"]
    assert "restore" in found["database"].advice
    patient.environ = {"TRUCCAM_DATABASE__URL": "postgresql://may:mat-khau-rieng@127.0.0.1:9/x"}
    found = await patient.examined()
    assert wrong(found) == ["database"]
    assert "mat-khau-rieng" not in str(found)


async def test_looking_changes_nothing(patient: Patient) -> None:
    await patient.examined()
    assert not (patient.folder / "var").exists()


def test_a_problem_is_one_line_with_what_to_do() -> None:
    finding = Finding("disk", "Ổ đĩa", State.WRONG, "còn trống 0.9 GB", "dọn bớt")
    assert line_of(finding) == "LỖI     Ổ đĩa: còn trống 0.9 GB → dọn bớt"


async def command(*arguments: str) -> tuple[int, str, str]:

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("TRUCCAM_")},
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_the_command_tells_programs_and_people_and_keeps_secrets(patient: Patient) -> None:
    patient.password = WRONG_PASSWORD
    await patient.telegram.cut(True)
    status, out, err = await command("--config", str(patient.config), "--json")
    assert status == 1
    told = json.loads(out)
    assert told["ok"] is False
    assert [one["check"] for one in told["checks"] if one["state"] == "wrong"] == [
        "recorder:dau-ghi-1",
        "telegram",
    ]
    for words in (out, err):
        assert WRONG_PASSWORD not in words
        assert patient.telegram.token not in words
    assert err == ""
    assert patient.recorder.rejected_logins == 1


async def test_the_command_ends_well_only_where_nothing_is_wrong(patient: Patient) -> None:
    status, out, err = await command("--config", str(patient.config))
    assert (status, err) == (0, "")
    assert out.endswith("Không có gì phải sửa.\n")
    patient.more = "\n[limits]\nretention_day = 3\n"
    status, out, err = await command("--config", str(patient.config))
    assert (status, err) == (1, "")
    assert out.startswith("LỖI     Cấu hình: limits.retention_day")


async def test_cameras_that_are_kept_too_short_are_named(patient: Patient) -> None:
    patient.recorder.no_recordings = True
    finding = (await patient.examined())["recorder:dau-ghi-1:kept"]
    assert finding.state is State.WRONG
    assert "C01" in finding.told
    patient.recorder.no_recordings = False
    assert (await patient.examined())["recorder:dau-ghi-1:kept"].state is State.OK
