"""A picture of this moment: `/anh cổng chính`, `/snapshot gate`, `/anh tatca` (Điều 4.1, 7.1, 8.2)."""

import asyncio
from datetime import datetime, timedelta

from domain.cameras import Camera, by_area
from domain.chat import Choice, Media, MediaKind, Moment, Text
from domain.vietnamese.places import find_cameras
from domain.vietnamese.readings import Match, Outcome
from handlers import access, words
from handlers.access import Viewable
from handlers.asking import Ask, answer, entry, rows_of
from handlers.could_not import could_not
from handlers.ports import Tools
from media.errors import MediaError, NotAPicture
from media.pictures import Stamp, stamp
from media.sheet import Tile, contact_sheet, thumbnail
from nvr_client.errors import BadAnswer, RecorderError

SHEET_TILE_TIMEOUT = timedelta(seconds=8)  # one hanging camera must not keep the whole sheet waiting


async def snapshot(ask: Ask, tools: Tools) -> None:
    """`/anh WORDS`: the picture, the candidates as buttons, or a picker."""
    await act_on(ask, tools, find_cameras(ask.args, tools.cameras.index))


async def act_on(ask: Ask, tools: Tools, match: Match) -> None:
    """Do what the words named: one camera, several, all, or ask back."""
    match match.outcome:
        case Outcome.ONE:
            await show(ask, tools, match.cameras[0])
        case Outcome.SET:
            await _sheet(ask, tools, match.cameras)
        case Outcome.ALL:
            await _sheet(ask, tools, tools.cameras.all)
        case Outcome.NOTHING:
            await pick_area(ask, tools)
        case Outcome.UNCLEAR | Outcome.UNKNOWN:
            await which(ask, tools, match, "snapshot.take")


async def take(ask: Ask, tools: Tools) -> None:
    """A camera's button."""
    await show(ask, tools, tools.cameras.by_code(ask.text("camera")))


async def show(ask: Ask, tools: Tools, camera: Camera) -> None:
    """Fetch, check, stamp and send one picture."""
    async with tools.reading() as uow:
        viewable = await access.live_picture(uow, tools, ask, camera)
    number = asyncio.ensure_future(tools.number("AN"))  # runs while the recorder answers
    try:
        picture = await viewable.recorder.snapshot(camera.channel)
        code, taken_at = await number, tools.now()
        stamped = await stamp(picture, _stamp(ask, tools, camera.label, taken_at, code))
    except NotAPicture:
        broken = BadAnswer("cut or broken picture")
        await could_not(ask, tools, camera, await number, broken, "live:picture:failed")
        return
    except (RecorderError, MediaError) as error:
        await could_not(ask, tools, camera, await number, error, "live:picture:failed")
        return
    key = await tools.vault.spool(stamped, ".jpg")
    async with tools.begin() as uow:
        await access.live_picture(uow, tools, ask, camera)  # a removal meanwhile counts
        await uow.audit.write(
            entry(ask, "live:picture:shown", code, viewable.article, {"camera": camera.code}),
        )
        await uow.outbox.say(
            answer(
                ask,
                Text(
                    "{camera} · {when}. Code {code}.",
                    {"camera": camera.label, "when": Moment(taken_at, "full_seconds"), "code": code},
                ),
                media=Media(MediaKind.PHOTO, key, f"{code}.jpg"),
                protect=True,
            ),
            taken_at,
        )
        await uow.commit()


async def pick_area(ask: Ask, tools: Tools) -> None:
    """No camera named: areas first, then the cameras of one."""
    async with tools.begin() as uow:
        await access.live_pictures(uow, tools, ask)
        choices = [
            Choice(Text("{name}", {"name": words.area_label(area)}), "snapshot.area", {"area": area})
            for area in by_area(tools.cameras.all)
        ]
        choices.append(Choice(Text("All cameras"), "snapshot.all"))
        await uow.outbox.say(
            answer(
                ask, Text("Which place would you like to see?"), choices=rows_of(choices, 2), slot="picker"
            ),
            ask.at,
        )
        await uow.commit()


async def area(ask: Ask, tools: Tools) -> None:
    """The cameras of one area as buttons."""
    name = ask.text("area")
    async with tools.begin() as uow:
        await access.live_pictures(uow, tools, ask)
        choices = [
            Choice(Text("{name}", {"name": camera.label}), "snapshot.take", {"camera": camera.code})
            for camera in by_area(tools.cameras.all)[name]
        ]
        await uow.outbox.say(
            answer(
                ask,
                Text("{area}: which camera?", {"area": words.area_label(name)}),
                choices=(*rows_of(choices, 1), (Choice(Text("Back"), "snapshot.areas"),)),
                slot="picker",
            ),
            ask.at,
        )
        await uow.commit()


async def areas(ask: Ask, tools: Tools) -> None:
    """Back to the areas."""
    await pick_area(ask, tools)


async def all_cameras(ask: Ask, tools: Tools) -> None:
    """Every camera the person may see on one sheet."""
    await _sheet(ask, tools, tools.cameras.all)


async def which(ask: Ask, tools: Tools, match: Match, act: str, **data: str | int) -> None:
    """Ask back with the candidates, or with the nearest names."""
    async with tools.begin() as uow:
        question = (
            Text("Which camera is meant?")
            if match.outcome is Outcome.UNCLEAR
            else Text("No camera is called that. Did you mean one of these?")
            if match.cameras
            else Text("No camera is called that. /camera lists all of them.")
        )
        choices = [
            Choice(Text("{name}", {"name": camera.label}), act, {**data, "camera": camera.code})
            for camera in match.cameras[:8]
        ]
        await uow.outbox.say(answer(ask, question, choices=rows_of(choices, 1)), ask.at)
        await uow.commit()


async def _sheet(ask: Ask, tools: Tools, wanted: tuple[Camera, ...]) -> None:
    async with tools.reading() as uow:
        allowed = await access.live_pictures(uow, tools, ask)
    codes = {camera.code for camera in wanted}
    viewables = [viewable for viewable in allowed if viewable.camera.code in codes]
    number = asyncio.ensure_future(tools.number("AN"))
    tiles = await asyncio.gather(*(_tile(ask, tools, viewable) for viewable in viewables))
    code = await number
    taken_at = tools.now()
    sheet = await contact_sheet(tiles, tools.school, _stamp(ask, tools, tools.school, taken_at, code))
    key = await tools.vault.spool(sheet, ".jpg")
    missing = [tile.caption for tile in tiles if tile.picture is None]
    text = [
        Text(
            "{count} cameras · {when}. Code {code}.",
            {"count": len(tiles), "when": Moment(taken_at, "full_seconds"), "code": code},
        ),
    ]
    if missing:
        text.append(Text("Without a picture: {cameras}.", {"cameras": ", ".join(missing)}))
    async with tools.begin() as uow:
        await access.live_pictures(uow, tools, ask)  # a removal meanwhile counts
        await uow.audit.write(
            entry(
                ask,
                "live:sheet:shown",
                code,
                viewables[0].article,
                {"cameras": len(tiles), "missing": len(missing)},
            ),
        )
        await uow.outbox.say(
            answer(ask, *text, media=Media(MediaKind.PHOTO, key, f"{code}.jpg"), protect=True), taken_at
        )
        await uow.commit()


async def _tile(ask: Ask, tools: Tools, viewable: Viewable) -> Tile:
    caption = viewable.camera.label
    try:
        async with asyncio.timeout(SHEET_TILE_TIMEOUT.total_seconds()):
            picture = await viewable.recorder.snapshot(viewable.camera.channel)
        return Tile(caption, await thumbnail(picture))
    except (RecorderError, MediaError, TimeoutError):
        return Tile(caption, None, tools.phrase(Text("no signal"), ask.person.language))


def _stamp(ask: Ask, tools: Tools, title: str, taken_at: datetime, code: str) -> Stamp:
    local = taken_at.astimezone(tools.zone)
    return Stamp(title, f"{local:%H:%M:%S %d/%m/%Y}", ask.person.called, code)
