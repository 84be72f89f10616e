"""A few live seconds: `/clip cổng 10` (Điều 4 khoản 1, 7 khoản 1, 8 khoản 2)."""

from datetime import timedelta

from domain.cameras import Camera
from domain.chat import Choice, Length, Media, MediaKind, Moment, Text
from domain.vietnamese.readings import Match, Outcome
from domain.vietnamese.wishes import read_live_clip
from handlers import access
from handlers.asking import Ask, answer, entry, rows_of
from handlers.could_not import could_not
from handlers.ports import Tools
from handlers.snapshot import which
from nvr_client.errors import RecorderError


async def live_clip(ask: Ask, tools: Tools) -> None:
    """`/clip WORDS [SECONDS]`."""
    match, length = read_live_clip(ask.args, tools.cameras.index)
    await act_on(ask, tools, match, length)


async def act_on(ask: Ask, tools: Tools, match: Match, length: timedelta | None) -> None:
    """Record the one camera that was named, or ask back."""
    seconds = int((length or tools.limits.default_live_clip).total_seconds())
    match match.outcome:
        case Outcome.ONE:
            await _record(ask, tools, match.cameras[0], timedelta(seconds=seconds))
        case Outcome.NOTHING | Outcome.ALL:
            await _pick(ask, tools, tools.cameras.all, seconds)
        case Outcome.SET:
            await _pick(ask, tools, match.cameras, seconds)
        case Outcome.UNCLEAR | Outcome.UNKNOWN:
            await which(ask, tools, match, "clip.take", seconds=seconds)


async def take(ask: Ask, tools: Tools) -> None:
    """A camera's button."""
    camera = tools.cameras.by_code(ask.text("camera"))
    await _record(ask, tools, camera, timedelta(seconds=ask.number("seconds")))


async def _pick(ask: Ask, tools: Tools, cameras: tuple[Camera, ...], seconds: int) -> None:
    async with tools.begin() as uow:
        choices = [
            Choice(
                Text("{name}", {"name": camera.label}),
                "clip.take",
                {"camera": camera.code, "seconds": seconds},
            )
            for camera in cameras
        ]
        await uow.outbox.say(
            answer(ask, Text("Which camera?"), choices=rows_of(choices, 2), slot="picker"), ask.at
        )
        await uow.commit()


async def _record(ask: Ask, tools: Tools, camera: Camera, length: timedelta) -> None:
    async with tools.reading() as uow:
        viewable = await access.live_clip(uow, tools, ask, camera, length)
    code = await tools.number("CL")
    started_at = tools.now()
    key, target = tools.vault.spool_path(".mp4")
    try:
        await viewable.recorder.live_clip(camera.channel, length, target)
    except RecorderError as error:
        tools.vault.remove(key)
        await could_not(ask, tools, camera, code, error, "live:clip:failed")
        return
    async with tools.begin() as uow:
        await access.live_clip(uow, tools, ask, camera, length)  # a removal meanwhile counts
        await uow.audit.write(
            entry(
                ask,
                "live:clip:shown",
                code,
                viewable.article,
                {"camera": camera.code, "seconds": int(length.total_seconds())},
            ),
        )
        await uow.outbox.say(
            answer(
                ask,
                Text(
                    "{camera} · {length} from {when}. Code {code}.",
                    {
                        "camera": camera.label,
                        "length": Length(length),
                        "when": Moment(started_at, "full_seconds"),
                        "code": code,
                    },
                ),
                media=Media(MediaKind.VIDEO, key, f"{code}.mp4"),
                protect=True,
            ),
            tools.now(),
        )
        await uow.commit()
