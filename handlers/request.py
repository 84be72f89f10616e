"""Asking for a recording: `/yeucau cổng chính 20/11 9:05-9:20 lý do`, or with buttons (Điều 4, Điều 5)."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.chat import Choice, Moment, Text
from domain.requests import Purpose
from domain.vietnamese.places import find_cameras
from domain.vietnamese.readings import Flag, Interval, Limits, Match, Outcome, Reason, SpanReading, Wish
from domain.vietnamese.spans import read_span
from domain.vietnamese.wishes import read_request
from handlers import words
from handlers.asking import Ask, answer
from handlers.draft import BACK, FORGOTTEN_AFTER, KIND, Draft, Question, draft_from
from handlers.draft_cards import question_card
from handlers.ports import Tools, UnitOfWork
from handlers.send_request import may_ask


async def request(ask: Ask, tools: Tools) -> None:
    """`/yeucau WORDS`: fill in what is understood, ask for the rest."""
    wish = read_request(ask.args, tools.cameras.index, local_now(tools), limits=limits_of(tools))
    await begin(ask, tools, wish)


async def start(ask: Ask, tools: Tools) -> None:
    """A button that starts a request, with its camera where one is known."""
    wish = read_request(str(ask.data.get("camera", "")), tools.cameras.index, local_now(tools))
    await begin(ask, tools, wish)


async def begin(ask: Ask, tools: Tools, wish: Wish) -> None:
    """A new draft from a wish that was read."""
    draft = Draft(number=tools.secret_code())
    notes: list[Text] = []
    if wish.rest:
        draft = draft.with_reason(wish.rest)
    async with tools.begin() as uow:
        await may_ask(uow, tools, ask)
        draft, more, buttons = place(draft, wish.match)
        notes += more
        draft, more, choices = moment(draft, wish.span, tools)
        notes += more
        if wish.unexplained:
            notes.append(_not_sure_about(ask.args, wish))
        await _go_on(uow, ask, tools, draft, notes, buttons or choices)
        await uow.commit()


async def prefilled(uow: UnitOfWork, ask: Ask, tools: Tools, draft: Draft) -> None:
    """A draft that another feature has filled in: shown before it is sent, as any. Raises `DeniedError`."""
    await may_ask(uow, tools, ask)
    await _go_on(uow, ask, tools, draft, [], [])


def _not_sure_about(text: str, wish: Wish) -> Text:
    """Which words beside camera and time were not taken into account."""
    said = dict.fromkeys(" ".join(text[piece.start : piece.end].split()) for piece in wish.unexplained)
    return Text("Not sure about “{words}”: please check camera and time.", {"words": "”, “".join(said)})


async def typed(ask: Ask, tools: Tools) -> bool:
    """Words while a draft is open. False where no draft waits for them."""
    async with tools.begin() as uow:
        draft = await _open(uow, ask, tools)
        if draft is None:
            return False
        before = draft
        draft = replace(
            draft, number=tools.secret_code()
        )  # the next question is a new message below the words
        notes: list[Text] = []
        choices: list[Choice] = []
        match draft.question:
            case Question.CAMERA:
                draft, notes, choices = place(draft, find_cameras(ask.args, tools.cameras.index))
            case Question.DAY | Question.HOUR | Question.MINUTE | Question.LENGTH:
                text = f"{ask.args} {_day_words(draft)}" if draft.day else ask.args
                draft, notes, choices = moment(
                    draft, read_span(text, local_now(tools), limits=limits_of(tools)), tools
                )
            case Question.REASON:
                draft = draft.with_reason(ask.args)
            case Question.NOTHING:
                notes = [Text("Please confirm with a button, or write /huy to stop.")]
        await _go_on(uow, ask, tools, draft.after(before), notes, choices)
        await uow.commit()
    return True


async def chose(ask: Ask, tools: Tools) -> Text | None:
    """A button of the draft: `field` and `value`."""
    async with tools.begin() as uow:
        draft = await _open(uow, ask, tools)
        if draft is None or draft.number != ask.text("draft"):
            return Text("This form is closed. Start again with /yeucau.")
        field, value = ask.text("field"), str(ask.data.get("value", ""))
        draft = draft.back() if field == BACK else _with_choice(draft, field, value, tools).after(draft)
        await _go_on(uow, ask, tools, draft, [], [], area=str(ask.data.get("area", "")))
        await uow.commit()
    return None


async def stop(ask: Ask, tools: Tools) -> None:
    """The draft's own `Huỷ` button."""
    async with tools.begin() as uow:
        await uow.dialogues.clear(ask.account)
        await uow.outbox.say(
            answer(ask, Text("Stopped. Nothing was sent."), slot=f"draft:{ask.text('draft')}"), ask.at
        )
        await uow.commit()


def place(draft: Draft, match: Match) -> tuple[Draft, list[Text], list[Choice]]:
    """Take over the camera that was named; else notes and candidates."""
    if match.outcome is Outcome.ONE:
        return replace(draft, camera=match.cameras[0].code), [], []
    if match.outcome in (Outcome.UNCLEAR, Outcome.UNKNOWN, Outcome.SET) and match.cameras:
        question = (
            Text("Not sure which camera:")
            if match.outcome is Outcome.UNCLEAR
            else Text("One request is about one camera. Which one first?")
            if match.outcome is Outcome.SET
            else Text("No camera is called that. Did you mean one of these?")
        )
        candidates = [
            Choice(
                Text("{name}", {"name": camera.label}),
                "request.chose",
                {"draft": draft.number, "field": "camera", "value": camera.code},
            )
            for camera in match.cameras[:8]
        ]
        return draft, [question], candidates
    return draft, [], []


def moment(draft: Draft, reading: SpanReading, tools: Tools) -> tuple[Draft, list[Text], list[Choice]]:
    """Take over the time that was read; else say what is open, with the proposals as buttons."""
    if not reading.said:
        return draft, [], []
    minutes = int(tools.limits.max_length.total_seconds() // 60)
    notes = [words.about_time(reason, minutes, tools.limits.retention_days) for reason in reading.reasons]
    if reading.interval and Reason.VAGUE in reading.reasons and _is_one_day(reading.interval):
        day = replace(draft.without_time(), day=f"{reading.interval.start:%Y-%m-%d}")
        return day, [Text("{day}", {"day": Moment(reading.interval.start, "day")})], []
    if reading.flag in (Flag.RUN, Flag.CONFIRM, Flag.TOO_OLD) and reading.interval:
        return replace(draft, start=reading.start, end=reading.end), notes, []
    choices = [
        Choice(
            Text("{when}", {"when": f"{choice.start:%H:%M}–{choice.end:%H:%M} {choice.start:%d/%m}"}),
            "request.chose",
            {
                "draft": draft.number,
                "field": "span",
                "value": f"{choice.start.isoformat()} {choice.end.isoformat()}",
            },
        )
        for choice in reading.choices[:6]
    ]
    return draft, notes, choices


def _with_choice(draft: Draft, field: str, value: str, tools: Tools) -> Draft:
    """The draft after a button. Choosing a time is several steps, each with its own field."""
    match field:
        case "length" | "span":
            start, end = _chosen_span(draft, field, value, tools)
            return replace(draft, start=start, end=end)
        case "day":
            return replace(draft.without_time(), day=value)
        case "hour":
            return replace(draft, hour=int(value))
        case "minute":
            return replace(draft, minute=int(value))
        case "camera":
            return replace(draft, camera=value)
        case "purpose":
            return replace(draft, purpose=Purpose(value))
        case "edit_camera":
            return replace(draft, camera="")
        case "edit_time":
            return draft.without_time()
        case "edit_reason":
            return replace(draft, reason="")
    return draft


def _chosen_span(draft: Draft, field: str, value: str, tools: Tools) -> tuple[datetime, datetime]:
    if field == "span":
        start, end = value.split()
        return datetime.fromisoformat(start), datetime.fromisoformat(end)
    day = datetime.fromisoformat(draft.day)
    start_at = day.replace(hour=draft.hour, minute=draft.minute, tzinfo=tools.zone)
    return start_at, start_at + timedelta(minutes=int(value))


async def _go_on(
    uow: UnitOfWork,
    ask: Ask,
    tools: Tools,
    draft: Draft,
    notes: list[Text],
    choices: list[Choice],
    area: str = "",
) -> None:
    await uow.dialogues.put(ask.account, KIND, draft.stored(), ask.at)
    await uow.outbox.say(question_card(ask, tools, draft, notes, choices, area), ask.at)


async def _open(uow: UnitOfWork, ask: Ask, tools: Tools) -> Draft | None:
    dialogue = await uow.dialogues.get(ask.account)
    if dialogue is None or dialogue.kind != KIND or tools.now() - dialogue.touched_at > FORGOTTEN_AFTER:
        return None
    return draft_from(dialogue.data)


def _is_one_day(interval: Interval) -> bool:
    """A day or a part of it was named, without hours."""
    return interval.start.date() == (interval.end - timedelta(microseconds=1)).date()


def _day_words(draft: Draft) -> str:
    return f"{datetime.fromisoformat(draft.day):%d/%m/%Y}"


def local_now(tools: Tools) -> datetime:
    """The school's wall clock."""
    return tools.now().astimezone(tools.zone)


def limits_of(tools: Tools) -> Limits:
    """What the parser must know of the settings."""
    return Limits(longest=tools.limits.max_length, kept=timedelta(days=tools.limits.retention_days))
