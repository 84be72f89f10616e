"""Two may decide and both tap wildly: one decision, one order, and every late tap hears of it."""

import random

import pytest

from bot.channels.telegram.updates import words_or_command
from domain.chat import Body, Tap, Words
from domain.requests import RequestState
from tests.conversations.stage import Stage

TAPS = 200
APPROVERS = ("Cô Hằng", "Thầy Quang")
DECIDED = ("Đã duyệt.", "Không duyệt; đã chuyển lý do cho người yêu cầu.")


async def taps(stage: Stage, who: str, label: str) -> None:
    await stage.does(who, Tap(stage.channel.token(stage.account(who), label)))


async def says(stage: Stage, who: str, text: str) -> None:
    await stage.does(who, words_or_command(text))


async def a_request_before_two(stage: Stage) -> None:
    """A request whose card stands in two chats, each with the reasons for a refusal open."""
    await says(stage, "Cô Hằng", "/uyquyen")
    await taps(stage, "Cô Hằng", "Thầy Quang")
    await taps(stage, "Cô Hằng", "đến 17:00 ngày 24/11/2026")
    await says(stage, "Cô Lan", "/yeucau cổng chính 20/11 9:05-9:20 học sinh bị xô ngã")
    await taps(stage, "Cô Lan", "Gửi yêu cầu")
    for who in APPROVERS:
        await taps(stage, who, "Không duyệt")


@pytest.mark.parametrize("seed", range(3))
async def test_two_hundred_mixed_taps_make_one_decision(stage: Stage, seed: int) -> None:
    await a_request_before_two(stage)
    stage.seen()
    dice = random.Random(seed)
    batch = []
    for number in range(TAPS):
        who = dice.choice(APPROVERS)
        account = stage.account(who)
        label = dice.choice(["Duyệt", "Không duyệt", "Mục đích chưa rõ", "Quay lại", None])
        body: Body = Words("chưa rõ mục đích")
        if label is not None:
            token = dict(stage.channel.phone(account).given)[label]
            query_id = f"mixed-{number}"
            stage.channel.asking[query_id] = account
            body = Tap(token, query_id)
        batch.append(stage.incoming(who, body))

    await stage.arrive(batch)

    async with stage.store.reading() as uow:
        request = await uow.requests.get(1)
    assert request is not None
    acts = [chained.entry.what for chained in await stage.audit()]
    decisions = acts.count("request:approve:done") + acts.count("request:refuse:done")
    assert decisions == 1
    is_approved = request.state is RequestState.DELIVERED
    assert request.state in (RequestState.DELIVERED, RequestState.REJECTED)
    assert request.order_code == ("LTX-2026-0001" if is_approved else "")
    assert acts.count("request:deliver:done") == is_approved
    decider = "Cô Hằng" if request.decided_by == 1 else "Thầy Quang"
    outcome = f"{decider} {'đã duyệt' if is_approved else 'không duyệt'} YC-2026-0001 lúc 08:00"
    passing = [lines[0] for _account, how, lines in stage.channel.events if how == "thoáng qua"]
    assert len([line for line in passing if line in DECIDED]) <= 1
    late = [line for line in passing if line not in DECIDED]
    assert len(late) > TAPS // 2
    assert all(line.startswith(outcome) for line in late)
    for who in APPROVERS:
        chat = stage.channel.phone(stage.account(who)).messages
        cards = [shown for shown in chat if shown.kind]
        assert [shown.text for shown in cards if shown.buttons] == []
        assert [shown.text.startswith(outcome) for shown in cards] == [True]
    await stage.check(["chưa rõ mục đích"])
