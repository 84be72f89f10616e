"""Delivery while something fails: each message arrives once."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from structlog.typing import EventDict

from bot.channels.base import Rendered
from bot.channels.telegram import TelegramChannel
from domain.chat import Choice, Incoming, Outgoing, Text
from simulator.telegram import Phone, SimulatedTelegram
from storage.errors import DatabaseUnavailable
from storage.store import Store
from storage.store import UnitOfWork as StoreUnitOfWork
from storage.vault import Vault
from tests.bot.desk import LAN, NAM, Desk, from_bot, words
from tests.bot.waiting import until, utc_now


async def test_nothing_is_lost_or_doubled_while_telegram_is_down(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone, nam: Phone, logs: list[EventDict]
) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("trước")))
        await lan.wait_for("trước")
        await telegram.cut(True)
        await desk.say(*(Outgoing(to=LAN, text=words(f"câu {number}")) for number in range(3)))
        await desk.say(Outgoing(to=NAM, text=words("Nam")))
        await until(lambda: "deliver.lost" in [entry["event"] for entry in logs])
        await telegram.cut(False)
        await desk.idle()
    assert from_bot(lan) == ["trước", "câu 0", "câu 1", "câu 2"]
    assert from_bot(nam) == ["Nam"]


@pytest.mark.parametrize("with_media", [False, True])
async def test_a_lost_answer_gives_one_message(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone, with_media: bool
) -> None:
    telegram.drop_answer_next("sendPhoto" if with_media else "sendMessage")
    media = await desk.spooled() if with_media else None
    message = Outgoing(
        to=LAN,
        text=words("thẻ"),
        media=media,
        choices=((Choice(Text("{words}", {"words": "Duyệt"}), "decide"),),),
    )
    async with desk.delivering():
        await desk.say(message)
        await desk.idle()
        await desk.say(Outgoing(to=LAN, text=words("sau")))
        await desk.idle()
    assert from_bot(lan) == ["thẻ", "sau"]
    assert lan.messages[1].buttons == ("Duyệt",)


async def test_a_server_error_gives_one_message(telegram: SimulatedTelegram, desk: Desk, lan: Phone) -> None:
    telegram.fail_next("sendMessage", 502, "Bad Gateway")
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("một lần")))
        await desk.idle()
    assert from_bot(lan) == ["một lần"]


async def claim_all(desk: Desk, mark: str) -> None:
    """What is left when the process is killed right after a claim."""
    async with desk.store.begin() as uow:
        await uow.outbox.claim(utc_now(), frozenset(), 100, {"telegram": mark})
        await uow.commit()


async def test_killed_before_sending_the_message_is_sent_after_the_restart(
    desk: Desk, lan: Phone, channel: TelegramChannel
) -> None:
    await desk.say(Outgoing(to=LAN, text=words("một lần")))
    await claim_all(desk, channel.highest_seen())
    async with desk.delivering():
        await desk.idle()
    assert from_bot(lan) == ["một lần"]


async def test_killed_after_sending_the_message_is_found_after_the_restart(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone, nam: Phone, channel: TelegramChannel
) -> None:
    mark = channel.highest_seen()
    await desk.say(Outgoing(to=LAN, text=words("một lần"), then="note_delivery", then_data={"code": "YC-1"}))
    await claim_all(desk, mark)
    before = TelegramChannel(token=telegram.token, now=utc_now, api_base=telegram.base_url)
    await before.connect()
    await before.send(NAM, Rendered("xen giữa"))
    await before.send(LAN, Rendered("một lần"))
    await before.aclose()
    after = TelegramChannel(token=telegram.token, now=utc_now, api_base=telegram.base_url)
    await after.connect()
    async with desk.delivering(after):
        await desk.idle()
    await after.aclose()
    assert from_bot(lan) == ["một lần"]
    assert from_bot(nam) == ["xen giữa"]
    assert await desk.fact("delivered:YC-1") is not None


async def test_message_numbers_are_known_again_after_a_restart(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone
) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("một")))
        await desk.idle()
    fresh = TelegramChannel(token=telegram.token, now=utc_now, api_base=telegram.base_url)
    assert fresh.highest_seen() == ""
    async with desk.delivering(fresh):
        await until(lambda: fresh.highest_seen() == str(lan.last.message_id))
    await fresh.aclose()


async def test_a_delivery_that_cannot_be_recorded_is_recorded_later_and_not_sent_twice(
    desk: Desk, lan: Phone, logs: list[EventDict]
) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("một lần"), then="refuse_delivery"))
        await until(lambda: "deliver.not_recorded" in [entry["event"] for entry in logs])
        await desk.put_fact("allowed", "yes")
        await desk.idle()
    assert from_bot(lan) == ["một lần"]
    assert desk.ends == ["sent"]


async def test_sends_under_way_end_before_the_process_does(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone
) -> None:
    telegram.slow(0.3)
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("còn dở")))
        await until(lambda: bool(telegram.sent))
    async with desk.store.reading() as uow:
        assert await uow.outbox.uncertain() == []
    assert from_bot(lan) == ["còn dở"]


class FullDisk(Store):
    """A database that takes no more writes for a while."""

    refusals = 0

    def begin(self, settles: Incoming | None = None) -> AbstractAsyncContextManager[StoreUnitOfWork]:
        if self.refusals > 0:
            self.refusals -= 1
            raise DatabaseUnavailable("no space left on device")
        return super().begin(settles)


async def test_a_full_disk_delays_and_neither_loses_nor_doubles(
    tmp_path: Path, channel: TelegramChannel, lan: Phone, logs: list[EventDict]
) -> None:
    store = await FullDisk.open(f"sqlite:///{tmp_path}/full.db")
    await store.migrate()
    desk = Desk(store, Vault(tmp_path / "state"), channel)
    await desk.say(Outgoing(to=LAN, text=words("một lần")))
    store.refusals = 1
    async with desk.delivering():
        await until(lambda: "deliver.database" in [entry["event"] for entry in logs])
        await lan.wait_for("một lần")
        store.refusals = 2
        await desk.idle()
    await store.aclose()
    assert from_bot(lan) == ["một lần"]
