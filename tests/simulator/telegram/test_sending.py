"""New messages as two foreign clients send them, and as they stand on a phone."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import imageio_ffmpeg
import pytest
from aiohttp import ClientSession
from PIL import Image

from simulator.telegram import Phone, SimulatedTelegram
from tests.simulator.telegram.clients import Client, Refused, bytes_of, refused


async def test_the_bot_learns_who_it_is(telegram: SimulatedTelegram, client: Client) -> None:
    me = await client.me()
    assert (me["is_bot"], me["username"], me["first_name"]) == (True, telegram.username, "Trực Cam")


async def test_a_message_stands_on_the_phone_with_its_time_and_number(son: Phone, client: Client) -> None:
    sent = await client.send(1001, "Chào anh Sơn")
    assert son.last.text == "Chào anh Sơn"
    assert sent["message_id"] == son.last.message_id == 2
    assert sent["chat"]["id"] == 1001
    assert son.last.sent_at.isoformat() == "2026-11-23T01:05:00+00:00"


async def test_message_numbers_count_up_over_all_chats(
    telegram: SimulatedTelegram, son: Phone, client: Client
) -> None:
    lan = telegram.person("Lan", 1002)
    said = await lan.say("Dạ em chào")
    sent = await client.send(1001, "một")
    also = await client.send(1002, "hai")
    assert [said.message_id, sent["message_id"], also["message_id"]] == [2, 3, 4]


async def test_html_is_read_and_its_marks_are_gone(son: Phone, client: Client) -> None:
    sent = await client.send(1001, "😀 <b>Cổng &amp; sân</b> <i>C01</i>", parse_mode="HTML")
    assert son.last.text == "😀 Cổng & sân C01"
    assert [(e["type"], e["offset"], e["length"]) for e in sent["entities"]] == [
        ("bold", 3, 10),
        ("italic", 14, 3),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a <b>b", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ô <x>b</x>", 'Unsupported start tag "x" at byte offset 3'),
        ("<b>b</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("b</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
    ],
)
async def test_broken_html_is_refused_where_the_same_words_in_plain_pass(
    son: Phone, client: Client, text: str, words: str
) -> None:
    await client.send(1001, text)
    with refused(f"can't parse entities: {words}"):
        await client.send(1001, text, parse_mode="HTML")


async def test_text_is_counted_in_utf16_after_its_marks_are_read(son: Phone, client: Client) -> None:
    await client.send(1001, f"<b>{'ế' * 4096}</b>", parse_mode="HTML")
    with refused("message is too long"):
        await client.send(1001, "😀" * 2049)
    assert len(son.last.text) == 4096


async def test_an_empty_message_is_refused(son: Phone, client: Client) -> None:
    with refused("message text is empty"):
        await client.send(1001, " \n ")


async def test_a_photo_has_its_real_sizes_and_arrives_byte_for_byte(
    son: Phone, client: Client, picture: Path
) -> None:
    sent = await client.send_file("photo", 1001, picture, "C01 Cổng chính", protect=True)
    sizes = [(size["width"], size["height"]) for size in sent["photo"]]
    assert sizes == [(320, 180), (800, 450), (1920, 1080)]
    assert sent["caption"] == "C01 Cổng chính"
    assert son.last.media == bytes_of(picture)
    assert son.last.protected
    assert await client.download(sent["photo"][-1]["file_id"]) == bytes_of(picture)


async def test_a_photo_may_be_sent_again_by_its_id(son: Phone, client: Client, picture: Path) -> None:
    sent = await client.send_file("photo", 1001, picture)
    again = await client.send_file("photo", 1001, sent["photo"][-1]["file_id"])
    assert again["photo"] == sent["photo"]
    with refused("wrong file identifier/HTTP URL specified"):
        await client.send_file("photo", 1001, "AgACnowhere")


async def test_a_photo_that_is_none_is_refused_but_goes_as_a_file(
    son: Phone, client: Client, picture: Path
) -> None:
    half = picture.with_name("half.jpg")
    half.write_bytes(bytes_of(picture)[:9000])
    with refused("IMAGE_PROCESS_FAILED"):
        await client.send_file("photo", 1001, half)
    sent = await client.send_file("document", 1001, half)
    assert (sent["document"]["file_name"], sent["document"]["file_size"]) == ("half.jpg", 9000)


async def test_a_photo_too_thin_too_wide_or_too_heavy_is_refused(
    son: Phone, client: Client, tmp_path: Path
) -> None:
    fine, thin, wide = tmp_path / "fine.png", tmp_path / "thin.png", tmp_path / "wide.png"
    Image.new("RGB", (2000, 100)).save(fine)
    Image.new("RGB", (2001, 100)).save(thin)
    Image.new("L", (6000, 4001)).save(wide)
    await client.send_file("photo", 1001, fine)
    for bad in (thin, wide):
        with refused("PHOTO_INVALID_DIMENSIONS"):
            await client.send_file("photo", 1001, bad)
    with fine.open("ab") as file:
        file.truncate(10 * 1024 * 1024 + 1)
    with refused("is too big for a photo; the maximum size is 10485760 bytes"):
        await client.send_file("photo", 1001, fine)


async def test_a_caption_may_have_1024_units_and_not_one_more(son: Phone, client: Client, clip: Path) -> None:
    await client.send_file("video", 1001, clip, "ế" * 1024)
    with refused("message caption is too long"):
        await client.send_file("video", 1001, clip, "ế" * 1025)
    assert (son.last.kind, len(son.last.text)) == ("video", 1024)


async def test_fifty_megabytes_go_up_and_one_byte_more_does_not(
    son: Phone, client: Client, tmp_path: Path
) -> None:
    path = tmp_path / "long.mp4"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    sent = await client.send_file("video", 1001, path)
    with refused("file is too big"):
        await client.download(sent["video"]["file_id"])
    with path.open("ab") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    with refused("Request Entity Too Large"):
        await client.send_file("video", 1001, path)


async def test_a_video_has_its_real_size_and_length(son: Phone, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "real.mp4"
    await asyncio.to_thread(_film, path)
    video = (await client.send_file("video", 1001, path))["video"]
    assert (video["width"], video["height"], _seconds(video["duration"])) == (320, 180, 3)


def _film(path: Path) -> None:
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=5:d=3"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *source, "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(command, check=True)  # noqa: S603 - the project's own ffmpeg, fixed arguments


def _seconds(duration: object) -> object:
    return duration.total_seconds() if isinstance(duration, timedelta) else duration


async def test_an_album_is_one_group(son: Phone, client: Client, picture: Path) -> None:
    sent = await client.send_album(1001, [picture, picture], "Hai ảnh")
    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message.text for message in son.messages[-2:]] == ["Hai ảnh", ""]


async def test_a_reply_shows_what_it_answers(son: Phone, client: Client) -> None:
    said = await son.say("chụp cổng")
    sent = await client.send(1001, "Vâng", reply_to=said.message_id)
    assert sent["reply_to_message"]["text"] == "chụp cổng"
    assert son.last.reply_to is said
    with refused("message to be replied not found"):
        await client.send(1001, "Vâng", reply_to=99)


async def test_buttons_carry_up_to_64_bytes(son: Phone, client: Client) -> None:
    await client.send(1001, "Chọn", rows=[[("Cổng chính", "x" * 64)], [("Cổng phụ", "b"), ("Huỷ", "c")]])
    assert son.last.buttons == ("Cổng chính", "Cổng phụ", "Huỷ")
    for data in ("ế" * 22, "x" * 65):
        with refused("BUTTON_DATA_INVALID"):
            await client.send(1001, "Chọn", rows=[[("Cổng chính", data)]])


async def test_nobody_is_written_to_who_never_wrote(
    telegram: SimulatedTelegram, son: Phone, client: Client
) -> None:
    telegram.person("Lan", 1002)
    with refused("chat not found"):
        await client.send(1002, "Chào cô")
    await telegram.person("Lan", 1002).say("/start")
    await client.send(1002, "Chào cô")


async def test_who_blocked_the_bot_gets_nothing_until_the_block_ends(son: Phone, client: Client) -> None:
    await son.block()
    with refused("bot was blocked by the user"):
        await client.send(1001, "Chào anh")
    with pytest.raises(ValueError, match="unblock"):
        await son.say("có ai không")
    await son.unblock()
    await client.send(1001, "Chào anh")
    statuses = [
        update["my_chat_member"]["new_chat_member"]["status"]
        for update in await client.updates()
        if "my_chat_member" in update
    ]
    assert statuses == ["kicked", "member"]


async def test_protected_content_is_neither_forwarded_nor_copied(
    telegram: SimulatedTelegram, son: Phone, client: Client
) -> None:
    lan = telegram.person("Lan", 1002)
    await lan.say("/start")
    open_one = await client.send(1001, "Ai cũng xem được")
    closed = await client.send(1001, "Chỉ anh Sơn", protect=True)
    await client.forward(1002, 1001, open_one["message_id"])
    await client.copy(1002, 1001, open_one["message_id"])
    with refused("the message can't be forwarded"):
        await client.forward(1002, 1001, closed["message_id"])
    with refused("the message can't be copied"):
        await client.copy(1002, 1001, closed["message_id"])
    assert [message.text for message in lan.messages if message.from_bot] == ["Ai cũng xem được"] * 2


async def test_an_activity_shows_until_the_message_comes(son: Phone, client: Client) -> None:
    await client.act(1001, "upload_photo")
    assert son.activity == "upload_photo"
    await client.send(1001, "Xong")
    assert son.activity == ""


async def test_the_journal_holds_what_really_arrived(
    telegram: SimulatedTelegram, son: Phone, client: Client
) -> None:
    await client.send(1001, "một")
    with pytest.raises(Refused):
        await client.send(1001, "")
    await client.send(1001, "hai")
    assert [(line.chat_id, line.text) for line in telegram.sent] == [(1001, "một"), (1001, "hai")]
    assert (telegram.calls["sendmessage"], telegram.refused[400]) == (2, 1)


async def test_words_that_arrive_in_small_pieces_are_read_whole(
    telegram: SimulatedTelegram, son: Phone
) -> None:
    text = "đ" * 4000
    body = (
        '--line\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n1001\r\n'
        f'--line\r\nContent-Disposition: form-data; name="text"\r\n\r\n{text}\r\n'
        f'--line\r\nContent-Disposition: form-data; name="x"\r\n\r\n{text * 2}\r\n--line--\r\n'
    ).encode()

    async def in_pieces() -> AsyncIterator[bytes]:
        start = 0
        for size in (150, 3, 9000, len(body)):  # too few for a boundary, then too many
            yield body[start : start + size]
            start += size
            for _ in range(50):  # let the server, in the same loop, take it before the next comes
                await asyncio.sleep(0)

    async with (
        ClientSession() as session,
        session.post(
            f"{telegram.base_url}/bot{telegram.token}/sendMessage",
            data=in_pieces(),
            headers={"Content-Type": "multipart/form-data; boundary=line"},
        ) as answer,
    ):
        assert answer.status == 200, await answer.text()

    assert son.last.text == text
