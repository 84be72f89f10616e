"""Delivery of pictures and files."""

from PIL import Image

from domain.chat import Media, MediaKind, Outgoing
from simulator.telegram import Phone
from tests.bot.desk import LAN, Desk, from_bot, words


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
