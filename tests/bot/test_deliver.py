import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from structlog.typing import EventDict

from bot.channels.base import Channel, Rendered
from bot.channels.telegram import TelegramChannel
from bot.deliver import Deliverer
from bot.pacing import Pace, Pacing
from domain.chat import Account, Choice, Incoming, Media, MediaKind, Outgoing, Text
from domain.people import Role
from handlers.ports import UnitOfWork
from simulator.telegram import Phone, SimulatedTelegram
from storage.errors import DatabaseUnavailable
from storage.store import Store
from storage.store import UnitOfWork as StoreUnitOfWork
from storage.vault import Vault
from tests.bot.conftest import until, utc_now

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LAN = Account("telegram", "31")
NAM = Account("telegram", "32")
NO_PACE = Pace(chat_seconds=0, burst=1_000, edits_at_once=1_000)


def words(text: str) -> tuple[Text, ...]:
    return (Text("{words}", {"words": text}),)


async def note_delivery(uow: UnitOfWork, data: Mapping[str, str | int], at: datetime) -> None:
    await uow.facts.put(f"delivered:{data['code']}", at.isoformat())


async def refuse_delivery(uow: UnitOfWork, data: Mapping[str, str | int], at: datetime) -> None:
    if await uow.facts.get("allowed") is None:
        raise RuntimeError("not now")


class Desk:
    """A store, a vault and a channel with a deliverer that can be started, killed and started again."""

    def __init__(self, store: Store, vault: Vault, channel: Channel, pace: Pace = NO_PACE) -> None:
        self.store = store
        self.vault = vault
        self.channel = channel
        self.pace = pace
        self.ends: list[str] = []

    def deliverer(self, channel: Channel | None = None) -> Deliverer:
        return Deliverer(
            store=self.store,
            channels={"telegram": channel or self.channel},
            vault=self.vault,
            follow_ups={"note_delivery": note_delivery, "refuse_delivery": refuse_delivery},
            zone=HANOI,
            now=utc_now,
            pacing=Pacing(self.pace, time.monotonic),
            report=lambda _channel, outcome, _age: self.ends.append(outcome),
        )

    @asynccontextmanager
    async def delivering(self, channel: Channel | None = None) -> AsyncIterator[Deliverer]:
        deliverer = self.deliverer(channel)
        task = asyncio.create_task(deliverer.run())
        try:
            yield deliverer
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def say(self, *messages: Outgoing) -> None:
        async with self.store.begin() as uow:
            for message in messages:
                assert await uow.outbox.say(message, utc_now())
            await uow.commit()

    async def fact(self, name: str) -> str | None:
        async with self.store.reading() as uow:
            return await uow.facts.get(name)

    async def put_fact(self, name: str, value: str) -> None:
        async with self.store.begin() as uow:
            await uow.facts.put(name, value)
            await uow.commit()

    async def idle(self) -> None:
        """Wait until nothing waits and nothing is being sent."""
        async with asyncio.timeout(15):
            while True:
                async with self.store.reading() as uow:
                    counts = await uow.outbox.counts()
                if counts.queued == counts.sending == 0:
                    return
                await asyncio.sleep(0.01)

    async def spooled(self, kind: MediaKind = MediaKind.PHOTO) -> Media:
        key, path = self.vault.spool_path(".jpg")
        await asyncio.to_thread(Image.new("RGB", (320, 180), "navy").save, path)
        return Media(kind, key, "C01.jpg")


@pytest.fixture
async def desk(tmp_path: Path, channel: TelegramChannel) -> AsyncIterator[Desk]:
    store = await Store.open(f"sqlite:///{tmp_path}/truccam.db")
    await store.migrate()
    yield Desk(store, Vault(tmp_path / "state"), channel)
    await store.aclose()


async def phone_of(telegram: SimulatedTelegram, channel: TelegramChannel, account: Account) -> Phone:
    phone = telegram.person(f"người {account.id}", int(account.id))
    said = await phone.say("/start")
    channel.note_seen(str(said.message_id))
    return phone


@pytest.fixture
async def lan(telegram: SimulatedTelegram, channel: TelegramChannel) -> Phone:
    return await phone_of(telegram, channel, LAN)


@pytest.fixture
async def nam(telegram: SimulatedTelegram, channel: TelegramChannel) -> Phone:
    return await phone_of(telegram, channel, NAM)


def from_bot(phone: Phone) -> list[str]:
    return [message.text for message in phone.messages if message.from_bot]


async def test_what_is_said_arrives_at_once(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("xin chào")))
        await lan.wait_for("xin chào", 2)
        await desk.idle()
    assert desk.ends == ["sent"]


async def test_one_chat_is_served_in_order_and_urgent_first(desk: Desk, lan: Phone) -> None:
    await desk.say(*(Outgoing(to=LAN, text=words(f"câu {number}")) for number in range(10)))
    await desk.say(Outgoing(to=LAN, text=words("khẩn"), urgent=True))
    async with desk.delivering():
        await desk.idle()
    assert from_bot(lan) == ["khẩn", *(f"câu {number}" for number in range(10))]


async def test_a_slow_chat_does_not_hold_up_another(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone, nam: Phone
) -> None:
    telegram.fail_next("sendMessage", 429, "Too Many Requests: retry after 1", retry_after_seconds=1)
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("một")))
        await until(lambda: telegram.refused[429] == 1)
        await desk.say(Outgoing(to=LAN, text=words("hai")), Outgoing(to=NAM, text=words("Nam")))
        await nam.wait_for("Nam", 0.9)
        assert from_bot(lan) == []
        await desk.idle()
    assert from_bot(lan) == ["một", "hai"]
    assert desk.ends.count("again") == 1


async def test_new_messages_of_one_chat_keep_their_distance(desk: Desk, lan: Phone) -> None:
    desk.pace = Pace(chat_seconds=0.2)
    await desk.say(*(Outgoing(to=LAN, text=words(f"câu {number}")) for number in range(4)))
    async with desk.delivering():
        await desk.idle()
    at = [message.sent_at for message in lan.messages if message.from_bot]
    assert all(later - sooner >= timedelta(seconds=0.19) for sooner, later in itertools.pairwise(at))


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


async def test_what_follows_a_delivery_is_recorded_with_it(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("clip"), then="note_delivery", then_data={"code": "YC-2"}))
        await desk.idle()
    assert await desk.fact("delivered:YC-2") is not None


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


async def test_a_blocked_bot_fails_without_holding_up_the_next_person(
    desk: Desk, lan: Phone, nam: Phone, logs: list[EventDict]
) -> None:
    await lan.block()
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("không tới")), Outgoing(to=NAM, text=words("tới")))
        await nam.wait_for("tới")
        await desk.idle()
    assert sorted(desk.ends) == ["failed", "sent"]
    assert "deliver.failed" in [entry["event"] for entry in logs]


async def test_a_removed_person_gets_nothing_more(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone
) -> None:
    async with desk.store.begin() as uow:
        person = await uow.people.add("Lan", Role.TEACHER, "Cô")
        await uow.people.link(LAN, person.id, utc_now())
        await uow.outbox.say(Outgoing(to=person.id, text=words("không gửi nữa")), utc_now())
        await uow.people.deactivate(person.id)
        await uow.commit()
    async with desk.delivering():
        await desk.idle()
    assert from_bot(lan) == []


async def test_a_picture_is_protected_and_its_spooled_file_goes(desk: Desk, lan: Phone) -> None:
    media = await desk.spooled()
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("C01"), media=media, protect=True))
        await lan.wait_for("C01")
        await desk.idle()
    assert lan.last.protected
    assert lan.last.kind == "photo"
    assert not desk.vault.path(media.key).exists()


async def test_a_kept_file_stays(desk: Desk, lan: Phone) -> None:
    path = desk.vault.path("clips/yc-1.jpg")
    Image.new("RGB", (320, 180), "navy").save(path)
    async with desk.delivering():
        media = Media(MediaKind.DOCUMENT, "clips/yc-1.jpg", "YC-1.jpg")
        await desk.say(Outgoing(to=LAN, text=words("clip"), media=media))
        await desk.idle()
    assert path.exists()


async def test_a_missing_file_fails_and_the_chat_goes_on(desk: Desk, lan: Phone) -> None:
    media = Media(MediaKind.PHOTO, "clips/none.jpg", "none.jpg")
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("mất"), media=media), Outgoing(to=LAN, text=words("sau")))
        await desk.idle()
    assert from_bot(lan) == ["sau"]
    assert desk.ends == ["failed", "sent"]


async def test_a_sentence_with_a_mistake_fails_and_the_chat_goes_on(
    desk: Desk, lan: Phone, logs: list[EventDict]
) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=(Text("{missing}"),)), Outgoing(to=LAN, text=words("sau")))
        await desk.idle()
    assert from_bot(lan) == ["sau"]
    assert "deliver.not_renderable" in [entry["event"] for entry in logs]


def card(text: str, *labels: str, media: Media | None = None) -> Outgoing:
    choices = tuple((Choice(Text("{words}", {"words": label}), "decide"),) for label in labels)
    return Outgoing(to=LAN, text=words(text), media=media, choices=choices, slot="request:1")


async def test_messages_of_a_slot_replace_each_other_in_place(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt"))
        await desk.idle()
        await desk.say(card("đã duyệt"))
        await desk.idle()
        await desk.say(card("đã giao"))
        await desk.idle()
    assert from_bot(lan) == ["đã giao"]
    assert lan.last.buttons == ()
    assert desk.ends == ["sent", "edited", "edited"]


async def test_the_caption_of_a_card_with_a_picture_is_edited(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt", media=await desk.spooled()))
        await desk.idle()
        await desk.say(card("đã duyệt"))
        await desk.idle()
    assert from_bot(lan) == ["đã duyệt"]
    assert lan.last.kind == "photo"


async def test_a_picture_comes_as_a_new_message_and_the_old_one_loses_its_buttons(
    desk: Desk, lan: Phone
) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt"))
        await desk.idle()
        await desk.say(card("có ảnh", "Duyệt", media=await desk.spooled()))
        await desk.idle()
        await lan.wait_until(lambda phone: phone.messages[1].buttons == ())
    assert from_bot(lan) == ["chờ duyệt", "có ảnh"]
    assert lan.last.buttons == ("Duyệt",)


async def test_a_card_wanted_anew_comes_last_and_the_one_before_loses_its_buttons(
    desk: Desk, lan: Phone
) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt"))
        await desk.say(Outgoing(LAN, words("tin khác")))
        await desk.idle()
        await desk.say(replace(card("vẫn chờ duyệt", "Duyệt"), anew=True))
        await desk.idle()
        assert from_bot(lan) == ["chờ duyệt", "tin khác", "vẫn chờ duyệt"]
        await lan.wait_until(lambda phone: phone.messages[1].buttons == ())
        assert list(lan.last.buttons) == ["Duyệt"]
        await desk.say(card("đã duyệt"))
        await desk.idle()
    assert from_bot(lan) == ["chờ duyệt", "tin khác", "đã duyệt"]
    assert list(lan.last.buttons) == []


async def test_a_card_that_was_deleted_is_sent_anew(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone
) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt"))
        await desk.idle()
        del lan._chat.messages[lan.last.message_id]
        await desk.say(card("đã duyệt"))
        await desk.idle()
    assert from_bot(lan) == ["đã duyệt"]


async def test_many_changes_of_one_message_are_thinned_out_to_the_newest(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone
) -> None:
    desk.pace = Pace(chat_seconds=0, burst=1_000, edits_at_once=2, edit_seconds=0.3)
    async with desk.delivering():
        await desk.say(card("0 %"))
        await desk.idle()
        for percent in range(1, 30):
            await desk.say(card(f"{percent} %"))
            await asyncio.sleep(0.01)
        await desk.idle()
    assert from_bot(lan) == ["29 %"]
    assert telegram.calls["editmessagetext"] <= 6


async def test_news_for_fifty_people_leaves_at_the_platforms_pace(
    telegram: SimulatedTelegram, desk: Desk, channel: TelegramChannel
) -> None:
    desk.pace = Pace(burst=20, burst_seconds=0.5)
    for number in range(100, 150):
        await phone_of(telegram, channel, Account("telegram", str(number)))
    await desk.say(
        *(Outgoing(to=Account("telegram", str(number)), text=words("tin")) for number in range(100, 150))
    )
    async with desk.delivering():
        await desk.idle()
    assert len(telegram.sent) == 50
    assert telegram.refused[429] == 0


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


async def test_a_message_for_a_channel_that_is_off_fails(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=Account("zalo", "1"), text=words("x")))
        await desk.idle()
    assert desk.ends == ["failed"]
