"""The summary when something of ours is broken: the words come, once, also without the map."""

import errno
from dataclasses import replace
from datetime import datetime, time, timedelta

from domain.measuring import Times
from handlers import summary
from storage.vault import Vault
from tests.conversations.stage import HANOI, Stage

READERS = ("Cô Hằng", "Thầy Quang", "Anh Dũng", "Bác Tiến")
MEASURED, SENT = time(6, 15), time(6, 30)
MORNING = datetime(2026, 11, 24, 6, 15, tzinfo=HANOI)


class FullVault(Vault):
    """A vault on a disk without room."""

    async def spool(self, data: bytes, suffix: str) -> str:
        raise OSError(errno.ENOSPC, "no space left")


def summaries(stage: Stage, who: str) -> list[str]:
    chat = stage.channel.phone(stage.account(who)).messages
    return [shown.text for shown in chat if shown.text.startswith("Bản tin camera")]


def maps(stage: Stage, who: str) -> int:
    return len([shown for shown in stage.channel.phone(stage.account(who)).messages if shown.kind])


async def to_the_summary(stage: Stage) -> None:
    await stage.move_to(MORNING)
    await stage.move_to(MORNING + timedelta(minutes=15))


async def test_on_a_full_disk_the_words_come_without_the_map_and_it_staff_hear_why(stage: Stage) -> None:
    full = FullVault(stage.vault._folder)
    stage.use(replace(stage.tools, vault=full, times=Times(SENT, (MEASURED,))))
    await to_the_summary(stage)
    for who in READERS:
        assert len(summaries(stage, who)) == 1
        assert maps(stage, who) == 0
    staff = stage.channel.phone(stage.account("Anh Dũng")).messages
    assert [shown for shown in staff if shown.text.startswith("Ổ đĩa của hệ thống đã đầy")]


async def test_with_room_on_the_disk_everybody_has_the_map_too(stage: Stage) -> None:
    stage.use(replace(stage.tools, times=Times(SENT, (MEASURED,))))
    await to_the_summary(stage)
    assert [(len(summaries(stage, who)), maps(stage, who)) for who in READERS] == [(1, 1)] * 4


async def test_a_summary_whose_job_gave_up_is_wanted_again_an_hour_later(stage: Stage) -> None:
    stage.use(replace(stage.tools, times=Times(SENT, (MEASURED,))))
    stage.clock.at = MORNING + timedelta(minutes=15)
    assert await summary.begin(stage.tools) == 1
    assert await summary.begin(stage.tools) == 0
    async with stage.store.begin() as uow:
        for job in await uow.jobs.unstarted():
            await uow.jobs.started(job.key)
        await uow.commit()
    await stage.move_to(MORNING + timedelta(minutes=44))
    assert summaries(stage, "Cô Hằng") == []
    await stage.move_to(MORNING + timedelta(minutes=45))
    await stage.move_to(MORNING + timedelta(minutes=105))
    assert len(summaries(stage, "Cô Hằng")) == 1
