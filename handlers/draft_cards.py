"""The questions of a request that is being put together, as messages with buttons."""

from datetime import date, datetime, timedelta

from domain.cameras import by_area
from domain.chat import Choice, Moment, Outgoing, Period, Text
from domain.requests import Purpose
from handlers.asking import Ask, Rows, answer, rows_of
from handlers.draft import BACK, Draft, Question
from handlers.ports import Tools
from handlers.words import PURPOSES, area_label

DAYS_OFFERED = 8
HOURS_OFFERED = range(6, 19)
MINUTES_OFFERED = (0, 10, 20, 30, 40, 50)
LENGTHS_OFFERED = (5, 10, 15, 20, 30, 45)


def question_card(
    ask: Ask,
    tools: Tools,
    draft: Draft,
    notes: list[Text],
    choices: list[Choice],
    area: str = "",
) -> Outgoing:
    """What is asked next; with candidates at hand, those stand as the buttons."""
    last = (*_back(draft, area), Choice(Text("Stop"), "request.stop", {"draft": draft.number}))
    if choices:
        return answer(ask, *notes, choices=(*rows_of(choices, 1), last), slot=draft.slot)
    question, rows = _question(tools, draft, area)
    return answer(ask, *notes, *question, choices=(*rows, last), slot=draft.slot)


def _back(draft: Draft, area: str) -> tuple[Choice, ...]:
    """One step back: out of an area, or to what was asked before. The summary has a button for each field."""
    if area:
        return (Choice(Text("Back"), "request.chose", {"draft": draft.number, "field": "area", "area": ""}),)
    if draft.earlier and draft.question is not Question.NOTHING:
        return (_button(draft, Text("Back"), BACK),)
    return ()


def _question(tools: Tools, draft: Draft, area: str) -> tuple[tuple[Text, ...], Rows]:
    match draft.question:
        case Question.CAMERA:
            return (_camera_question(area),), _camera_rows(tools, draft, area)
        case Question.DAY:
            return (Text("Which day? Or write it, for example: 20/11 9:05-9:20"),), _day_rows(tools, draft)
        case Question.HOUR:
            return (
                (Text("From which hour? Or write it, for example: 9:05-9:20"),),
                rows_of(
                    [
                        _button(draft, Text("{hour}h", {"hour": hour}), "hour", hour)
                        for hour in _hours(tools, draft)
                    ],
                    4,
                ),
            )
        case Question.MINUTE:
            return (
                (Text("From which minute?"),),
                rows_of(
                    [
                        _button(
                            draft,
                            Text("{clock}", {"clock": f"{draft.hour:02d}:{minute:02d}"}),
                            "minute",
                            minute,
                        )
                        for minute in MINUTES_OFFERED
                        if _is_over(tools, draft, draft.hour, minute, LENGTHS_OFFERED[0])
                    ],
                    3,
                ),
            )
        case Question.LENGTH:
            longest = tools.limits.max_length
            return (
                (Text("How long, from {clock}?", {"clock": f"{draft.hour:02d}:{draft.minute:02d}"}),),
                rows_of(
                    [
                        _button(draft, Text("{minutes} minutes", {"minutes": minutes}), "length", minutes)
                        for minutes in LENGTHS_OFFERED
                        if timedelta(minutes=minutes) <= longest
                        and _is_over(tools, draft, draft.hour, draft.minute, minutes)
                    ],
                    3,
                ),
            )
        case Question.REASON:
            return (Text("What is it needed for? Please write the reason in a sentence."),), ()
        case Question.NOTHING:
            return _summary(tools, draft), _summary_rows(draft)


def _camera_question(area: str) -> Text:
    if not area:
        return Text("Which camera? Or write its name.")
    return Text("{area}: which camera?", {"area": area_label(area)})


def _camera_rows(tools: Tools, draft: Draft, area: str) -> Rows:
    groups = by_area(tools.cameras.all)
    if area in groups and (area or len(groups) == 1):
        return rows_of(
            [
                _button(draft, Text("{name}", {"name": camera.label}), "camera", camera.code)
                for camera in groups[area]
            ],
            1,
        )
    return rows_of(
        [
            Choice(
                Text("{name}", {"name": area_label(name)}),
                "request.chose",
                {"draft": draft.number, "field": "area", "area": name},
            )
            for name in groups
        ],
        2,
    )


def _day_rows(tools: Tools, draft: Draft) -> Rows:
    today = tools.now().astimezone(tools.zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS_OFFERED)]
    return rows_of(
        [_button(draft, _day_label(tools, day, today), "day", day.isoformat()) for day in days],
        2,
    )


def _day_label(tools: Tools, day: date, today: date) -> Text:
    if day == today:
        return Text("Today")
    if day == today - timedelta(days=1):
        return Text("Yesterday")
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=tools.zone)
    return Text("{day}", {"day": Moment(noon, "day")})


def _hours(tools: Tools, draft: Draft) -> list[int]:
    """The hours of a school day that have come; at night those before them."""
    come = [hour for hour in range(24) if _is_over(tools, draft, hour, 0, LENGTHS_OFFERED[0])]
    return [hour for hour in come if hour in HOURS_OFFERED] or come


def _is_over(tools: Tools, draft: Draft, hour: int, minute: int, minutes: int) -> bool:
    """Whether so many minutes from then on have passed: only the past can be asked for."""
    start = datetime.fromisoformat(draft.day).replace(hour=hour, minute=minute, tzinfo=tools.zone)
    return start + timedelta(minutes=minutes) <= tools.now()


def _summary(tools: Tools, draft: Draft) -> tuple[Text, ...]:
    if draft.start is None or draft.end is None:
        raise ValueError("a summary needs a time")
    return (
        Text("Please check before sending:"),
        Text("Camera: {camera}", {"camera": tools.cameras.by_code(draft.camera).label}),
        Text("Time: {span}", {"span": Period(draft.start, draft.end)}),
        Text("Purpose: {purpose}", {"purpose": PURPOSES[draft.purpose]}),
        Text("Reason: {reason}", {"reason": draft.reason}),
    )


def _summary_rows(draft: Draft) -> Rows:
    others = [purpose for purpose in Purpose if purpose is not draft.purpose]
    following = others[(list(Purpose).index(draft.purpose)) % len(others)]
    return (
        (Choice(Text("Send request"), "request.send", {"draft": draft.number}),),
        (
            _button(draft, Text("Change camera"), "edit_camera"),
            _button(draft, Text("Change time"), "edit_time"),
        ),
        (
            _button(draft, Text("Change reason"), "edit_reason"),
            _button(draft, Text("Other purpose"), "purpose", following.value),
        ),
    )


def _button(draft: Draft, label: Text, field: str, value: str | int = "") -> Choice:
    return Choice(label, "request.chose", {"draft": draft.number, "field": field, "value": value})
