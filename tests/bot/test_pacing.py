import asyncio

from bot.pacing import Pace, Pacing
from domain.chat import Account

LAN = Account("telegram", "1")
NAM = Account("telegram", "2")


class Clock:
    """Seconds that pass only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def read(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


async def test_one_chat_gets_one_new_message_a_second() -> None:
    clock = Clock()
    pacing = Pacing(Pace(), clock.read, clock.sleep)
    at = []
    for _ in range(4):
        await pacing.turn(LAN)
        at.append(clock.seconds - 100.0)
        pacing.sent(LAN)
    assert at == [0.0, 1.0, 2.0, 3.0]


async def test_another_chat_does_not_wait_for_it() -> None:
    clock = Clock()
    pacing = Pacing(Pace(), clock.read, clock.sleep)
    for chat in (LAN, NAM):
        await pacing.turn(chat)
        pacing.sent(chat)
    assert clock.seconds == 100.0


async def test_all_chats_together_keep_the_platforms_pace() -> None:
    clock = Clock()
    pacing = Pacing(Pace(burst=29, burst_seconds=1.01), clock.read, clock.sleep)
    at = []
    for number in range(100):
        await pacing.turn(Account("telegram", str(number)))
        at.append(clock.seconds)
    for first in at:
        assert len([moment for moment in at if first <= moment < first + 1.0]) <= 29
    assert clock.seconds - 100.0 <= 100 / 29 * 1.01


async def test_a_message_that_may_have_gone_counts() -> None:
    clock = Clock()
    pacing = Pacing(Pace(), clock.read, clock.sleep)
    await pacing.turn(LAN)
    pacing.sent(LAN)
    await pacing.turn(LAN)
    assert clock.seconds == 101.0


async def test_many_changes_of_one_message_are_slowed_down_and_others_are_not() -> None:
    clock = Clock()
    pacing = Pacing(Pace(edits_at_once=3, edit_seconds=2.0), clock.read, clock.sleep)
    assert [pacing.edit_wait_seconds(LAN, "7") for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]
    assert pacing.edit_wait_seconds(LAN, "8") == 0.0
    await clock.sleep(2.0)
    assert pacing.edit_wait_seconds(LAN, "7") == 0.0
    assert pacing.edit_wait_seconds(LAN, "7") == 2.0


async def test_an_urgent_message_goes_before_all_that_wait_for_the_pace() -> None:
    clock = Clock()
    second_passes = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await second_passes.wait()
        clock.seconds += seconds

    pacing = Pacing(Pace(burst=2, burst_seconds=1.0), clock.read, sleep)
    order: list[str] = []

    async def leave(name: str, *, urgent: bool = False) -> None:
        await pacing.turn(Account("telegram", name), urgent=urgent)
        order.append(name)

    await leave("a")
    await leave("b")
    waiting = [asyncio.create_task(leave(name)) for name in ("c", "d")]
    await asyncio.sleep(0)
    waiting.append(asyncio.create_task(leave("urgent", urgent=True)))
    await asyncio.sleep(0)
    second_passes.set()
    await asyncio.wait_for(asyncio.gather(*waiting), 5)
    assert order == ["a", "b", "urgent", "c", "d"]


async def test_an_urgent_message_does_not_wait_for_its_own_chats_second() -> None:
    clock = Clock()
    pacing = Pacing(Pace(), clock.read, clock.sleep)
    await pacing.turn(LAN)
    pacing.sent(LAN)
    await pacing.turn(LAN, urgent=True)
    assert clock.seconds == 100.0
    pacing.sent(LAN)
    await pacing.turn(LAN)
    assert clock.seconds == 101.0


async def test_who_gives_up_waiting_lets_the_next_one_go() -> None:
    clock = Clock()
    never = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await never.wait()

    pacing = Pacing(Pace(burst=1, burst_seconds=1.0), clock.read, sleep)
    await pacing.turn(LAN)
    first = asyncio.create_task(pacing.turn(NAM))
    await asyncio.sleep(0)
    second = asyncio.create_task(pacing.turn(Account("telegram", "33")))
    await asyncio.sleep(0)
    first.cancel()
    clock.seconds = 102.0
    await asyncio.wait_for(second, 5)


async def test_chats_that_rest_are_forgotten() -> None:
    clock = Clock()
    pacing = Pacing(Pace(), clock.read, clock.sleep)
    for number in range(3_000):
        pacing.sent(Account("telegram", str(number)))
        pacing.edit_wait_seconds(Account("telegram", str(number)), "1")
        await asyncio.sleep(0)
        clock.seconds += 0.1
    assert len(pacing._chat_free) < 1_100
    assert len(pacing._edit_credit) < 1_100
