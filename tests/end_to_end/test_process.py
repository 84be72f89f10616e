"""Starting, looking at, and stopping the service."""

import json
from pathlib import Path

import aiohttp
import pytest

from tests.end_to_end.outside import PASSWORD, Outside, free_port, outside

pytestmark = pytest.mark.timeout(120)


async def _get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def test_it_starts_enrols_shows_the_gate_and_stops_cleanly(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        before = await one.invited("guard", "Sơn")
        await one.start()
        assert await _get(f"{one.web}/healthz") == (200, "ok\n")
        assert await _get(f"{one.web}/readyz") == (200, "ready\n")
        status, figures = await _get(f"{one.web}/metrics")
        assert (status, "truccam_channels_up 1.0" in figures) == (200, True)

        status, out, _ = await one.command("invite", "--role", "guard", "--name", "Hòa", "--json")
        told = json.loads(out)
        assert status == 0
        assert told["telegram"] == f"https://t.me/{one.telegram.username}?start={told['code']}"
        for name, user_id, code in (("Sơn", 1, before), ("Hòa", 2, told["code"])):
            phone = one.telegram.person(name, user_id)
            await phone.say(f"/start {code}")
            await phone.wait_for("Xin chào")
            await phone.say("/snapshot gate")
            photo = await phone.wait_for(lambda message: message.kind == "photo")
            assert "C01 Cổng chính" in photo.text
            assert photo.protected

        assert await one.stop() == 0
        assert one.errors == ["ready"]


async def test_a_code_works_once(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        code = await one.invited("guard", "Sơn")
        await one.start()
        first, second = one.telegram.person("Sơn", 1), one.telegram.person("Lạ", 2)
        await first.say(f"/start {code}")
        await first.wait_for("Xin chào")
        await second.say(f"/start {code}")
        refused = await second.wait_for(lambda message: message.from_bot)
        assert "Xin chào" not in refused.text
        await second.say("/snapshot gate")
        assert (await second.wait_for("liên hệ văn phòng")).kind == "text"


async def test_it_stops_within_five_seconds_while_telegram_is_cut_and_a_picture_hangs(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        await one.start()
        guard = await one.enrolled("guard", "Sơn", 1)
        one.recorder.switches.hang = True
        await guard.say("/snapshot gate")
        await one.telegram.bell.until(lambda: one.telegram.pending_updates == 0, 5)
        await one.telegram.cut(True)
        assert await one.stop() == 0
        one.recorder.switches.hang = False
        await one.telegram.cut(False)
        await one.start()
        await guard.wait_for("C01 Cổng chính", 15)
        about_it = [m for m in guard.messages if m.from_bot and "C01 Cổng chính" in m.text]
        assert len(about_it) == 1


async def test_a_wrong_token_is_told_in_one_sentence(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        one.write_settings(token="1234567890:AAwrong-token-of-somebody-else-entirely")
        status, _, errors = await one.command("run")
        assert status == 2
        assert [line for line in errors.splitlines() if not line.startswith("{")] == [
            "telegram: mã truy cập (token) không đúng hoặc đã bị thu hồi; xem lại cấu hình."
        ]
        _no_secrets(one, errors)
        assert "AAwrong" not in errors


async def test_a_typo_in_the_settings_is_told_in_one_sentence(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        one.write_settings(more='\n[schol]\nname = "x"\n')
        status, _, errors = await one.command("run")
        assert (status, len(errors.splitlines())) == (2, 1)
        assert "schol" in errors
        assert "school" in errors
        _no_secrets(one, errors)


def _no_secrets(one: Outside, text: str) -> None:
    assert one.telegram.token not in text
    assert PASSWORD not in text


async def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        one.web_port = one.recorder.http_port
        one.write_settings()
        status, _, errors = await one.command("run")
        assert (status, len(errors.splitlines())) == (2, 1)
        assert "web.listen" in errors


async def test_a_second_service_of_the_same_school_is_refused_in_one_sentence(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        await one.start()
        one.web_port = free_port()
        one.write_settings()
        status, _, errors = await one.command("run")
        assert (status, len(errors.splitlines())) == (2, 1)
        assert "already running" in errors
        assert await one.stop() == 0
        assert one.errors == ["ready"]
