"""Flood control, a cut line, slow and lost answers, refusals on demand."""

import asyncio

import pytest

from simulator.telegram import FloodLimits, Phone, SimulatedTelegram
from tests.simulator.telegram.clients import Client, PtbClient, Refused, Unreachable
from tests.simulator.telegram.conftest import Clock


async def test_one_chat_takes_a_short_burst_and_then_one_message_a_second(clock: Clock) -> None:
    limits = FloodLimits()
    async with SimulatedTelegram(now=clock.now, monotonic=clock.monotonic, limits=limits) as telegram:
        await telegram.person("Sơn", 1).say("/start")
        client = await PtbClient.connect(telegram.base_url, telegram.token)
        for number in range(limits.chat_burst):
            await client.send(1, str(number))
        with pytest.raises(Refused) as caught:
            await client.send(1, "quá nhanh")
        assert caught.value.retry_after_seconds == 1
        for number in range(20):
            clock.pass_seconds(1)
            await client.send(1, f"đều {number}")
        assert len(telegram.sent) == limits.chat_burst + 20
        assert telegram.refused[429] == 1
        await client.aclose()


async def test_all_chats_together_take_thirty_messages_a_second(clock: Clock) -> None:
    async with SimulatedTelegram(now=clock.now, monotonic=clock.monotonic) as telegram:
        for user_id in range(1, 62):
            await telegram.person("Người", user_id).say("/start")
        client = await PtbClient.connect(telegram.base_url, telegram.token)
        for user_id in range(1, 31):
            await client.send(user_id, "một")
        with pytest.raises(Refused) as caught:
            await client.send(31, "quá nhanh")
        assert caught.value.retry_after_seconds == 1
        clock.pass_seconds(1)
        for user_id in range(31, 61):
            await client.send(user_id, "hai")
        await client.aclose()


async def test_a_cut_line_refuses_and_aborts_until_it_is_whole_again(
    telegram: SimulatedTelegram, son: Phone, client: Client
) -> None:
    seen = (await client.updates())[-1]["update_id"]
    poll = asyncio.create_task(client.updates(offset=seen + 1, timeout_seconds=20))
    await telegram.bell.until(lambda: telegram.pending_updates == 0, 5)
    await telegram.cut(True)
    with pytest.raises(Unreachable):
        await asyncio.wait_for(poll, 5)
    with pytest.raises(Unreachable):
        await client.send(1001, "Chào")
    await son.say("có ai không")
    await telegram.cut(False)
    await client.send(1001, "Chào")
    assert (await client.updates())[-1]["message"]["text"] == "có ai không"


async def test_a_lost_answer_leaves_the_message_sent(
    telegram: SimulatedTelegram, son: Phone, client: Client
) -> None:
    telegram.drop_answer_next("sendMessage")
    with pytest.raises(Unreachable):
        await client.send(1001, "một")
    await client.send(1001, "hai")
    assert [line.text for line in telegram.sent] == ["một", "hai"]


async def test_a_refusal_on_demand_happens_once_and_does_nothing(
    telegram: SimulatedTelegram, son: Phone, client: Client
) -> None:
    telegram.fail_next("sendMessage", 429, "Too Many Requests: retry after 7", retry_after_seconds=7)
    with pytest.raises(Refused) as caught:
        await client.send(1001, "một")
    assert caught.value.retry_after_seconds == 7
    await client.send(1001, "hai")
    assert [line.text for line in telegram.sent] == ["hai"]


async def test_a_slow_server_answers_late(telegram: SimulatedTelegram, client: Client) -> None:
    telegram.slow(0.2)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.me(), 0.05)
    telegram.slow(0)
    await asyncio.wait_for(client.me(), 5)


async def test_waiting_tells_what_is_in_the_chat_instead(son: Phone, client: Client) -> None:
    await client.send(1001, "Chọn camera", rows=[[("Cổng chính", "a")]])
    assert (await son.wait_for("Chọn")).buttons == ("Cổng chính",)
    with pytest.raises(TimeoutError, match=r"(?s)Sơn: /start.*Bot: Chọn camera.*\[Cổng chính\]"):
        await son.wait_for("Đã duyệt", timeout_seconds=0.01)


async def test_waiting_ends_as_soon_as_the_message_is_there(son: Phone, client: Client) -> None:
    said = await son.say("chụp cổng")
    waiting = asyncio.create_task(son.wait_for(lambda message: message.kind == "text", after=said))
    await client.send(1001, "Ảnh đây")
    assert (await waiting).text == "Ảnh đây"
