"""From an update to its answer: kept first, in order, once, and never without a word."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dispatch import STRANGER_ANSWERS, Dispatch
from domain.chat import Body, Command, Tap, Words
from handlers.ports import Cameras
from storage.store import Store
from tests.conversations.stage import STRANGER, Stage, school_settings, staged

GUARD, TEACHER, IT_STAFF = "Anh Sơn", "Cô Lan", "Anh Dũng"
PICTURE = Command("anh", "c1")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path}/truccam.db"
    store = await Store.open(url)
    await store.migrate()
    await store.aclose()
    async with staged(url, school_settings(tmp_path), tmp_path / "no recording is asked for") as one:
        yield one


async def comes(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - what is waited for rings no bell
            await asyncio.sleep(0.005)


async def recorder_is_asked(stage: Stage) -> bool:
    return stage.recorder.waiting > 0


async def heard(stage: Stage, who: str) -> list[str]:
    """What somebody's phone shows, first lines only."""
    await stage.deliver()
    return [message.text.split("\n")[0] for message in stage.channel.phone(stage.account(who)).messages]


async def accepted(stage: Stage, who: str, *bodies: Body) -> None:
    await stage.dispatch.accept([stage.incoming(who, body) for body in bodies])


async def test_an_update_is_kept_until_it_is_answered(stage: Stage) -> None:
    stage.recorder.may_answer.clear()
    await accepted(stage, GUARD, PICTURE)
    await comes(lambda: recorder_is_asked(stage))
    assert [kept.body for kept in await stage.store.unanswered()] == [PICTURE]
    stage.recorder.may_answer.set()
    await stage.dispatch.idle()
    assert await stage.store.unanswered() == []
    assert len(await heard(stage, GUARD)) == 1


async def test_one_person_is_answered_in_order(stage: Stage) -> None:
    stage.recorder.may_answer.clear()
    await accepted(stage, GUARD, PICTURE, Command("camera", ""))
    await accepted(stage, GUARD, Command("quyche", ""))
    await comes(lambda: recorder_is_asked(stage))
    assert await heard(stage, GUARD) == []
    stage.recorder.may_answer.set()
    await stage.dispatch.idle()
    said = await heard(stage, GUARD)
    assert [line[:9] for line in said] == ["C01 Cổng ", "30 camera", "Quy chế c"]


async def test_a_slow_answer_holds_up_nobody_else(stage: Stage) -> None:
    stage.recorder.may_answer.clear()
    await accepted(stage, GUARD, PICTURE)
    await comes(lambda: recorder_is_asked(stage))
    await accepted(stage, TEACHER, Command("camera", ""))

    async def teacher_has_the_list() -> bool:
        return await heard(stage, TEACHER) == ["30 camera:"]

    await comes(teacher_has_the_list)
    assert await heard(stage, GUARD) == []
    stage.recorder.may_answer.set()
    await stage.dispatch.idle()
    assert len(await heard(stage, GUARD)) == 1


async def test_an_update_that_comes_again_is_answered_once(stage: Stage) -> None:
    stage.recorder.may_answer.clear()
    update = stage.incoming(GUARD, PICTURE)
    await stage.dispatch.accept([update])
    await comes(lambda: recorder_is_asked(stage))
    await stage.dispatch.accept([update])  # while it is worked on
    stage.recorder.may_answer.set()
    await stage.dispatch.idle()
    await stage.dispatch.accept([update, stage.incoming(GUARD, Command("camera", ""))])  # and after
    await stage.dispatch.idle()
    assert [line[:9] for line in await heard(stage, GUARD)] == ["C01 Cổng ", "30 camera"]


async def test_what_a_stop_left_is_answered_after_the_next_start(stage: Stage) -> None:
    stage.recorder.may_answer.clear()
    await accepted(stage, GUARD, PICTURE)
    await comes(lambda: recorder_is_asked(stage))
    await stage.dispatch.aclose(patience_seconds=0)
    assert await heard(stage, GUARD) == []
    stage.recorder.may_answer.set()
    stage.use(stage.tools)
    stage.dispatch.work_off(await stage.store.unanswered())
    await stage.dispatch.idle()
    assert len(await heard(stage, GUARD)) == 1


async def test_two_processes_at_the_same_update_give_one_answer(stage: Stage) -> None:
    stage.recorder.may_answer.clear()
    second = Dispatch(stage.store, stage.tools, {"telegram": stage.channel})
    await accepted(stage, GUARD, PICTURE)
    second.work_off(await stage.store.unanswered())
    await comes(lambda: recorder_is_asked(stage))
    stage.recorder.may_answer.set()
    await asyncio.gather(stage.dispatch.idle(), second.idle())
    assert len(await heard(stage, GUARD)) == 1


async def test_a_tap_whose_answer_takes_long_is_noticed_meanwhile(stage: Stage) -> None:
    await stage.does(GUARD, Command("anh", "nhà xe"))
    button = stage.channel.token(stage.account(GUARD), "C03 Nhà xe học sinh")
    stage.recorder.may_answer.clear()
    stage.channel.asking["tap"] = stage.account(GUARD)
    await accepted(stage, GUARD, Tap(button, "tap"))

    async def is_noticed() -> bool:
        return not stage.channel.asking

    await comes(is_noticed)
    assert stage.recorder.waiting == 1
    stage.recorder.may_answer.set()
    await stage.dispatch.idle()
    assert len(await heard(stage, GUARD)) == 2


async def test_a_mistake_of_ours_is_owned_up_to_and_it_staff_hear_of_it_once_an_hour(stage: Stage) -> None:
    whole = stage.tools
    broken = Cameras(
        whole.cameras.all, {}, whole.cameras.index
    )  # a camera behind a recorder that is not there
    stage.use(replace(whole, cameras=broken))
    for _ in range(2):
        await stage.does(GUARD, PICTURE)
    assert (
        await heard(stage, GUARD)
        == ["Hệ thống chưa làm được việc này. Đã báo nhân viên CNTT. Xin thử lại sau."] * 2
    )
    assert len(await heard(stage, IT_STAFF)) == 1
    stage.clock.at += timedelta(hours=1)
    await stage.does(GUARD, PICTURE)
    assert len(await heard(stage, IT_STAFF)) == 2
    assert await stage.store.unanswered() == []
    stage.use(whole)
    await stage.does(GUARD, PICTURE)
    assert (await heard(stage, GUARD))[-1].startswith("C01 Cổng chính")


async def test_no_log_line_quotes_what_people_wrote(stage: Stage) -> None:
    stage.use(replace(stage.tools, cameras=Cameras(stage.tools.cameras.all, {}, stage.tools.cameras.index)))
    await stage.does(GUARD, Command("anh", "c1 vì em Bảo bị ngã"), Words("chụp cổng chính vì em Bảo bị ngã"))
    assert "update.broke" in [line["event"] for line in stage.logs]
    assert "Bảo" not in str(stage.logs)


async def test_a_stranger_cannot_make_the_assistant_write_without_end(stage: Stage) -> None:
    for number in range(STRANGER_ANSWERS + 5):
        await stage.does(STRANGER, Words(f"tin {number}"))
    assert len(await heard(stage, STRANGER)) == STRANGER_ANSWERS
    assert len(set(await heard(stage, STRANGER))) == 1
    refused = [entry for entry in await stage.audit() if entry.entry.role == "stranger"]
    assert len(refused) == STRANGER_ANSWERS + 5
    await stage.does("Người lạ khác", Words("xin chào"))
    assert len(await heard(stage, "Người lạ khác")) == 1
    stage.clock.at += timedelta(hours=1)
    await stage.does(STRANGER, Words("xin chào"))
    assert len(await heard(stage, STRANGER)) == STRANGER_ANSWERS + 1
