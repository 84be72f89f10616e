"""Voice messages and sound files come in as files: kept as they are, never written down."""

from datetime import UTC, datetime

import pytest
from telegram import Update

from bot.channels.telegram.updates import incoming_of
from domain.chat import Attachment, MediaKind

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CHAT = {"id": 31, "type": "private", "first_name": "Lan"}
SOUND = {"file_id": "f1", "file_unique_id": "u1", "duration": 3, "file_size": 4_000}


@pytest.mark.parametrize(
    ("what", "file", "name"),
    [
        ("voice", SOUND, "voice-7.ogg"),
        ("audio", SOUND, "audio-7.mp3"),
        ("audio", {**SOUND, "file_name": "ghi-am.m4a"}, "ghi-am.m4a"),
    ],
)
def test_a_sound_is_a_file_with_its_caption_and_what_it_answers(
    what: str, file: dict[str, object], name: str
) -> None:
    message = {
        "message_id": 7,
        "date": 1_700_000_000,
        "chat": CHAT,
        "from": {**CHAT, "is_bot": False},
        "caption": "nghe tiếng nổ",
        "reply_to_message": {"message_id": 5, "date": 1_700_000_000, "chat": CHAT},
        what: file,
    }
    incoming = incoming_of(Update.de_json({"update_id": 1, "message": message}, None), NOW)
    assert incoming is not None
    assert incoming.body == Attachment(MediaKind.DOCUMENT, "f1", name, 4_000, "nghe tiếng nổ", "5")
