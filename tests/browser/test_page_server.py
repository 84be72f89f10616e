"""What the page's server gives and takes, without a browser."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from aiohttp import ClientSession, FormData

from handlers.registry import COMMANDS
from simulator.phones.people import PEOPLE, last_school_day
from tests.browser.conftest import Served, serving


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as one:
        yield one


async def test_a_video_is_given_in_parts(served: Served, session: ClientSession, clip: Path) -> None:
    phone = served.telegram.phones[0]
    sent = await phone.send_video(clip)
    assert sent.attachment is not None
    address = f"{served.address}files/{phone.user_id}/{sent.attachment.file.file_id}"
    async with session.get(address, headers={"Range": "bytes=4-11"}) as part:
        assert (part.status, part.content_type) == (206, "video/mp4")
        assert await part.read() == sent.media[4:12]
    async with session.get(address) as whole:
        assert (whole.status, await whole.read()) == (200, sent.media)


async def test_an_unknown_file_or_person_is_not_found(served: Served, session: ClientSession) -> None:
    user_id = served.telegram.phones[0].user_id
    for path in (f"files/{user_id}/AgACnowhere", "files/7/AgACnowhere"):
        async with session.get(served.address + path) as answer:
            assert answer.status == 404


async def test_what_is_no_picture_is_attached_as_a_file(
    served: Served, session: ClientSession, picture: Path
) -> None:
    phone = served.telegram.phones[0]
    kinds = []
    for body in (phone_picture(picture), b"no picture at all"):
        form = FormData({"kind": "photo", "caption": "xem giúp"})
        form.add_field("file", body, filename="anh.jpg", content_type="image/jpeg")
        async with session.post(f"{served.address}attach/{phone.user_id}", data=form) as answer:
            assert answer.status == 200
        kinds.append((phone.last.kind, phone.last.text))
    assert kinds == [("photo", "xem giúp"), ("document", "xem giúp")]


def phone_picture(path: Path) -> bytes:
    return path.read_bytes()


async def test_a_page_of_another_site_cannot_write_for_our_people(
    served: Served, session: ClientSession
) -> None:
    address = served.address + "live"
    for origin, status in ((served.address.rstrip("/"), 101), ("http://elsewhere.example", 403)):
        headers = {
            "Origin": origin,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "c2Nob29sIGNhbWVyYXMhIQ==",
        }
        async with session.get(address, headers=headers) as answer:
            assert answer.status == status
            if answer.connection is not None:
                answer.close()


def test_each_suggestion_is_a_command_that_the_bot_knows() -> None:
    lines = [line for person in PEOPLE for line in person.suggestions if line.startswith("/")]
    assert [line for line in lines if line.split()[0].removeprefix("/") not in COMMANDS] == []


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 20)),
        (date(2026, 11, 22), date(2026, 11, 20)),
    ],
)
def test_a_suggestion_names_a_day_when_there_was_school(today: date, day: date) -> None:
    assert last_school_day(today) == day
