"""What is shown is the right camera at the right second, and secrets stay secret meanwhile."""

import asyncio
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from simulator.footage.code import read_code
from simulator.telegram.model import Message
from tests.end_to_end.conftest import Running
from tests.end_to_end.outside import PASSWORD, codes_in, command_lines, utc_now

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


def _code(message: Message) -> tuple[int, datetime]:
    code = read_code(Image.open(BytesIO(message.media)))
    assert code is not None
    return code


def _near(moment: datetime, other: datetime, seconds: float) -> bool:
    return abs(moment - other) <= timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("words", "channel"),
    [("/snapshot gate", 1), ("/anh cổng phụ", 2), ("chụp sân trường", 11), ("/anh c1", 1)],
)
async def test_a_picture_is_of_the_named_camera_now(school: Running, words: str, channel: int) -> None:
    asked_at = utc_now()
    asked = await school.guard.say(words)
    photo = await school.guard.wait_for(lambda message: message.kind == "photo", after=asked)
    number, second = _code(photo)
    assert number == channel
    assert _near(second, asked_at, 5)


async def test_a_live_clip_is_of_now_and_shows_no_secret_to_other_processes(
    school: Running, tmp_path: Path
) -> None:
    process = school.outside.process
    assert process is not None
    asked_at = utc_now()
    asked = await school.guard.say("/clip cổng chính 5")
    seen: set[str] = set()

    async def look() -> None:
        while True:
            seen.update(command_lines(process.pid))
            await asyncio.sleep(0.02)

    looking = asyncio.create_task(look())
    try:
        clip = await school.guard.wait_for(lambda message: message.kind == "video", 30, after=asked)
    finally:
        looking.cancel()
    codes = await codes_in(clip.media, tmp_path)
    assert {number for number, _ in codes} == {1}
    assert _near(codes[0][1], asked_at, 6)
    assert 3 <= (codes[-1][1] - codes[0][1]).total_seconds() <= 7
    assert [line for line in seen if "ffmpeg" in line]
    assert not [line for line in seen if "mat-khau" in line or school.outside.telegram.token in line]


async def test_ten_guards_who_ask_at_once_cause_one_fetch(school: Running) -> None:
    recorder = school.outside.recorder
    guards = await school.outside.crowd("guard", range(2000, 2010))
    recorder.switches.delay_seconds = 0.5
    before = recorder.calls["picture"]
    try:
        for guard in guards:
            await guard.say("/snapshot gate")
        photos = [await guard.wait_for(lambda message: message.kind == "photo", 15) for guard in guards]
    finally:
        recorder.switches.delay_seconds = 0
    assert recorder.calls["picture"] - before == 1
    assert {_code(photo)[0] for photo in photos} == {1}
    # Each has a picture of their own: the viewer's name is drawn on it.
    assert len({photo.media for photo in photos}) == 10


async def test_no_secret_is_in_the_log_or_in_a_chat(school: Running) -> None:
    one = school.outside
    everything = "\n".join(one.errors) + one.said()
    assert "Xin chào" in everything
    assert one.telegram.token not in everything
    assert PASSWORD not in everything
