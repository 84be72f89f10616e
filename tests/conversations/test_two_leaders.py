"""Every leader taps `Đã nhận` in the same moment: one has it, the others are told who it is."""

import pytest

from bot.channels.telegram.updates import words_or_command
from domain.chat import Incoming, Tap
from domain.incidents import IncidentState
from tests.conversations.stage import Stage

LEADERS = ("Cô Hằng", "Thầy Quang", "Bác Tiến")


@pytest.mark.parametrize("first", range(len(LEADERS)))
async def test_one_takes_it_and_the_others_are_told_who(stage: Stage, first: int) -> None:
    text = "danh nhau nha xe hs, 1 em chay mau dau"
    await stage.does("Anh Sơn", words_or_command(text))
    stage.seen()
    batch: list[Incoming] = []
    for who in (*LEADERS[first:], *LEADERS[:first]):
        for _ in range(2):  # and each of them twice
            query_id = f"q-{who}-{len(batch)}"
            account = stage.account(who)
            stage.channel.asking[query_id] = account
            batch.append(stage.incoming(who, Tap(stage.channel.token(account, "Đã nhận"), query_id)))

    await stage.arrive(batch)

    async with stage.store.reading() as uow:
        found = await uow.incidents.get(1)
        assert found is not None
        alerts = await uow.incidents.alerts.of(found.id)
        assert found.state is IncidentState.TAKEN
        taker = await uow.people.get(found.taken_by or 0)
    assert taker is not None
    acts = [chained.entry.what for chained in await stage.audit()]
    assert acts.count("incident:take:done") == 1
    assert all(alert.seen_at is not None for alert in alerts)
    passing = [lines[0] for _account, how, lines in stage.channel.events if how == "thoáng qua"]
    assert passing.count("Đã nhận SC-2026-0001.") == 1
    assert passing.count(f"{taker.called} đã nhận SC-2026-0001 trước đó.") == len(batch) - 1
    for who in (*LEADERS, "Anh Sơn"):
        cards = [
            shown
            for shown in stage.channel.phone(stage.account(who)).messages
            if "SC-2026-0001 · Mức 4" in shown.text
        ]
        assert len(cards) == 1
        assert f"{taker.called} đã nhận lúc 08:00" in cards[0].text
        assert "Đã nhận" not in [button.label for row in cards[0].buttons for button in row]
    await stage.check([text])
