"""A file that answers a card belongs to that card's incident, whatever else is open in the chat."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.telegram.updates import words_or_command
from domain.chat import Account, Attachment, MediaKind
from domain.incidents import IncidentFile
from tests.conversations.recorder import gate_picture
from tests.conversations.stage import Stage

PHOTO = Attachment(MediaKind.PHOTO, "picture", "anh.jpg", 1_000)


@pytest.fixture
def picture(stage: Stage, tmp_path: Path) -> Path:
    path = tmp_path / "anh.jpg"
    path.write_bytes(gate_picture())
    stage.channel.uploads = {"picture": path}
    return path


async def sent_by_people(stage: Stage, incident_id: int) -> list[IncidentFile]:
    async with stage.store.reading() as uow:
        return [file for file in await uow.incidents.files(incident_id) if not file.camera_code]


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def kept(stage: Stage) -> list[str]:
    """Names of the pictures in the vault."""
    return [path.name for path in stage.vault.path("originals/x").parent.rglob("*.jpg")]


def card(stage: Stage, who: str, words: str) -> str:
    """The number of the message in somebody's chat that holds these words."""
    shown = stage.channel.phone(stage.account(who)).messages
    return next(message.key for message in reversed(shown) if words in message.text)


async def test_a_photo_that_answers_an_alert_goes_into_its_incident(stage: Stage, picture: Path) -> None:
    await stage.does("Anh Sơn", words_or_command("cháy ở bếp bán trú"))
    await stage.does("Cô Lan", words_or_command("cháy ở thư viện"))
    answered = card(stage, "Bác Tiến", "SC-2026-0001")
    await stage.does("Bác Tiến", replace(PHOTO, reply_to=answered))
    (file,) = await sent_by_people(stage, 1)
    assert await sent_by_people(stage, 2) == []
    assert (file.name, file.sha256) == ("anh.jpg", sha256_of(picture))
    assert sha256_of(stage.vault.path(file.key)) == file.sha256
    await stage.check(["cháy ở bếp bán trú", "cháy ở thư viện"])


async def test_a_stranger_to_an_incident_cannot_put_a_file_into_it(stage: Stage, picture: Path) -> None:
    del picture
    await stage.does("Anh Sơn", words_or_command("cháy ở bếp bán trú"))
    await stage.does("Thầy Nam", replace(PHOTO, caption="SC-2026-0001"))
    assert await sent_by_people(stage, 1) == []
    assert [name for name in kept(stage) if "SC-2026" not in name] == [], "a refused file stays nowhere"
    await stage.does("Bác Tiến", replace(PHOTO, caption="SC-2026-0001"))
    assert len(await sent_by_people(stage, 1)) == 1


async def test_an_alert_goes_to_every_account_of_a_leader(stage: Stage) -> None:
    second = Account("telegram", "799")
    async with stage.store.begin() as uow:
        await uow.people.link(second, 1, stage.clock())
        await uow.commit()
    await stage.does("Anh Sơn", words_or_command("cháy ở bếp bán trú"))
    for account in (stage.account("Cô Hằng"), second):
        texts = [shown.text for shown in stage.channel.phone(account).messages]
        assert len([text for text in texts if text.startswith("KHẨN.")]) == 1
