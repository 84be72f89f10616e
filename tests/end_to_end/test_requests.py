"""From a question to the clip: the very minute of the very camera, though the recorder's clock is wrong."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from simulator.clock import ZONE
from tests.end_to_end import asking
from tests.end_to_end.conftest import Running
from tests.end_to_end.outside import CLOCK_OFFSET, codes_in, until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


def _yesterday(hour: int, minute: int) -> datetime:
    day = datetime.now(ZONE) - timedelta(days=1)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


@pytest.mark.parametrize("offset", [CLOCK_OFFSET, timedelta(0)])
async def test_a_minute_is_delivered_from_its_first_to_its_last_second(
    school: Running, offset: timedelta, tmp_path: Path
) -> None:
    if school.outside.recorder.clock.offset != offset:
        school.outside.recorder.clock.offset = offset
        assert await school.outside.stop() == 0
        await school.outside.start()  # a measured clock is believed for ten minutes
    start = _yesterday(9, 5 if offset else 7)
    end = start + timedelta(minutes=1)
    code = await asking.ask(school.teacher, start, end, "cổng phụ")
    card = await asking.card(school.principal, code)
    assert "cổng phụ" in card.text.casefold()
    await school.principal.tap((card, "Duyệt"))
    clip = await asking.clip(school.teacher, code)
    assert clip.protected
    codes = await codes_in(clip.media, tmp_path)
    assert {number for number, _ in codes} == {2}
    assert abs(codes[0][1] - start) <= timedelta(seconds=1)
    assert abs(codes[-1][1] - end) <= timedelta(seconds=2)
    assert len({second for _, second in codes}) >= 59
    await school.it.wait_for(lambda message: code in message.text and "đã giao cho" in message.text)
    await school.principal.wait_until(lambda phone: "Duyệt" not in phone.last.buttons)
    assert asking.clips(school.teacher, code) == 1


async def test_a_refused_request_gives_no_clip_and_its_footage_goes(school: Running) -> None:
    start = _yesterday(10, 0)
    code = await asking.ask(school.teacher, start, start + timedelta(minutes=1))
    card = await asking.card(school.principal, code)
    held = list((school.outside.folder / "var").rglob(f"{code}*.rec"))
    assert len(held) == 1
    await school.principal.tap((card, "Không duyệt"))
    await school.principal.wait_until(lambda _: bool(card.buttons) and "Duyệt" not in card.buttons)
    await school.principal.tap((card, card.keyboard[0][0]))
    await school.teacher.wait_for(lambda message: code in message.text and "không" in message.text.casefold())
    await until(lambda: not list((school.outside.folder / "var").rglob(f"{code}*")))
    assert asking.clips(school.teacher, code) == 0


async def test_the_log_says_nothing_after_all_that(school: Running) -> None:
    assert school.outside.errors == ["ready"]
    status, out, _ = await school.outside.command("audit", "verify")
    assert status == 0
    assert "Đúng" in out
