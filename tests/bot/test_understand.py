"""`understand --json-lines` as another program drives it."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOW = "2026-11-23T08:00:00+07:00"
UNREAD = {"wish": "none", "cameras": [], "start": None, "end": None, "flag": ["HOI"]}

Answer = dict[str, object]


def answers(lines: bytes) -> list[Answer]:
    """What the program prints for these lines where no configuration is."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRUCCAM_")}
    run = subprocess.run(
        [sys.executable, "-m", "bot", "understand", "--json-lines"],
        input=lines,
        capture_output=True,
        cwd=ROOT,
        env=environment,
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def asked(text: str, now: str = NOW) -> bytes:
    return json.dumps({"now": now, "text": text}).encode() + b"\n"


def test_each_line_gets_its_answer_in_order() -> None:
    lines = asked("chụp cổng chính") + asked("hl t2 b t4 tiết 2") + asked("31/11 9h-9h10 cổng phụ")
    assert answers(lines) == [
        {"wish": "snapshot", "cameras": ["C01"], "start": None, "end": None, "flag": ["OK"]},
        {
            "wish": "request",
            "cameras": ["C14"],
            "start": "2026-11-18T08:20:00+07:00",
            "end": "2026-11-18T09:05:00+07:00",
            "flag": ["HOI"],
        },
        {"wish": "request", "cameras": ["C02"], "start": None, "end": None, "flag": ["TUCHOI"]},
    ]


def test_an_unclear_camera_leaves_the_cameras_empty_and_asks() -> None:
    (answer,) = answers(asked("2h-2h15 hôm thứ 5 nhà xe"))
    assert (answer["cameras"], answer["flag"]) == ([], ["HOI"])
    assert answer["start"] == "2026-11-19T14:00:00+07:00"


def test_another_zone_is_the_same_moment_and_no_zone_is_the_schools() -> None:
    text = "cách đây 15 phút, cổng chính"
    lines = asked(text) + asked(text, "2026-11-23T01:00:00Z") + asked(text, "2026-11-23T08:00:00")
    first, second, third = answers(lines)
    assert first == second == third
    assert first["start"] == "2026-11-23T07:40:00+07:00"


def test_lines_that_cannot_be_read_are_answered_too_and_end_nothing() -> None:
    lines = [
        b"not json\n",
        b'["chup cong"]\n',
        b'{"now": "2026-11-23T08:00:00+07:00"}\n',
        b'{"now": 7, "text": "chup cong"}\n',
        b'{"now": "yesterday", "text": "chup cong"}\n',
        b'{"now": "0001-01-01T00:00:00+14:00", "text": "hom qua 9h"}\n',
        b"[" * 100_000 + b"\n",
        b"\xff\xfe\n",
    ]
    *unread, last = answers(b"".join(lines) + b"\n  \n" + asked("chup cong chinh"))
    assert len(unread) == len(lines)
    for answer in unread:
        assert answer.pop("error")
        assert answer == UNREAD
    assert last["cameras"] == ["C01"]


def test_thanks_and_refusals_wish_nothing_and_need_no_question() -> None:
    texts = ("em cảm ơn ạ", "😊", "đừng chụp cổng chính nữa", "thôi không xem lại cổng chính hôm qua 9h nữa")
    nothing = {**UNREAD, "flag": ["OK"]}
    assert answers(b"".join(asked(text) for text in texts)) == [nothing] * len(texts)


def test_a_text_that_says_nothing_is_a_question_and_no_error() -> None:
    texts = ("", "   ", "🆘", "\ud800", "\x00", "ạ" * 4000)
    assert answers(b"".join(asked(text) for text in texts)) == [UNREAD] * len(texts)
