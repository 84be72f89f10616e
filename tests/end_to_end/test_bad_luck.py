"""Telegram cut, the recorder off, a wrong password: honest sentences, nothing lost, nothing doubled."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from simulator.clock import ZONE
from simulator.telegram import Phone
from tests.end_to_end import asking
from tests.end_to_end.conftest import Running, running
from tests.end_to_end.outside import outside

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Running]:
    """A school of the test's own: bad luck leaves traces."""
    async with outside(tmp_path) as one:
        yield await running(one)


def _answers(phone: Phone, words: str) -> int:
    return len([one for one in phone.messages if one.from_bot and words in one.text])


async def test_telegram_is_cut_for_a_while_and_nothing_is_lost_or_doubled(own: Running) -> None:
    telegram = own.outside.telegram
    start = (datetime.now(ZONE) - timedelta(days=1)).replace(hour=9, minute=5, second=0, microsecond=0)
    code = await asking.ask(own.teacher, start, start + timedelta(minutes=1))
    await telegram.cut(True)
    for words in ("/snapshot gate", "/anh cổng phụ", "/trogiup"):
        await own.guard.say(words)
    await asyncio.sleep(6)  # longer than the longest pause between tries at first
    assert not [m for m in own.principal.messages if code in m.text]
    await telegram.cut(False)
    await own.principal.tap((await asking.card(own.principal, code), "Duyệt"))
    await asking.clip(own.teacher, code)
    await own.it.wait_for("đã giao cho", 20)
    await own.guard.wait_for("C02 Cổng phụ", 20)
    await own.guard.wait_until(lambda phone: _answers(phone, "/clip") > 1, 20)
    assert asking.clips(own.teacher, code) == 1
    assert [_answers(own.guard, place) for place in ("C01 Cổng chính ·", "C02 Cổng phụ ·")] == [1, 1]
    assert len([m for m in own.principal.messages if m.kind == "photo" and code in m.text]) == 1


async def test_the_recorder_is_off_and_back(own: Running) -> None:
    await own.outside.recorder.power_off()
    asked = await own.guard.say("/snapshot gate")
    asked_at = monotonic()
    await own.guard.wait_for("Đầu ghi không trả lời.", 10, after=asked)
    assert monotonic() - asked_at < 4
    lost = await own.it.wait_for("dau-ghi-1")
    await own.outside.recorder.power_on()
    asked = await own.guard.say("/snapshot gate")
    await own.guard.wait_for(lambda message: message.kind == "photo", 10, after=asked)
    await own.it.wait_for("dau-ghi-1", after=lost)
    assert _answers(own.it, "dau-ghi-1") == 2


async def test_a_wrong_password_is_tried_once_and_it_staff_are_told_once(tmp_path: Path) -> None:
    async with outside(tmp_path) as one:
        one.recorder.password_ok = False
        school = await running(one)
        guards = [school.guard, *await one.crowd("guard", range(3000, 3003))]
        for _ in range(2):
            asked = [(guard, await guard.say("/snapshot gate")) for guard in guards]
            for guard, said in asked:
                await guard.wait_for("từ chối mật khẩu", 10, after=said)
        await school.it.wait_for("từ chối mật khẩu")
        assert one.recorder.rejected_logins == 1
        assert _answers(school.it, "từ chối mật khẩu") == 1

        one.recorder.password_ok = True
        assert await one.stop() == 0
        await one.start()
        asked_again = await school.guard.say("/snapshot gate")
        await school.guard.wait_for(lambda message: message.kind == "photo", 10, after=asked_again)
