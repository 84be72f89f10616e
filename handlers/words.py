"""Sentences that several features share: refusals, failures, roles, purposes."""

from collections.abc import Callable

from domain.chat import Moment, Text
from domain.people import Person, Role
from domain.regulation import Because, NeedsApproval, Refused
from domain.requests import FootageRequest, Purpose, RequestState
from domain.vietnamese.readings import Reason
from handlers.ports import AttachmentError
from media import errors as media
from nvr_client import errors as nvr

STRANGER = Text(
    "This is the school's internal camera assistant. You have no access, or the code is no longer valid. "
    "Please contact the school office.",
)
NO_LONGER_HERE = Text("That person has no access any more.")
SOMETHING_BROKE = Text("The system could not do this now. IT staff have been told. Please try again later.")

_REFUSALS: dict[Because, Text] = {
    Because.NO_RIGHT: Text("Your role does not allow this ({article} of the regulation)."),
    Because.ASK_FIRST: Text(
        "This needs an order of the school leadership first ({article} of the regulation)."
    ),
    Because.NOT_ON_DUTY: Text("Only the guard on duty may do this ({article} of the regulation)."),
    Because.OTHER_UNIT: Text("This camera belongs to another unit ({article} of the regulation)."),
    Because.TOO_LONG: Text(
        "That is longer than allowed ({article} of the regulation). Please choose a shorter time."
    ),
    Because.OWN_REQUEST: Text("Nobody decides on their own request ({article} of the regulation)."),
    Because.NOT_DELEGATED: Text(
        "You have no delegation in force to decide requests ({article} of the regulation)."
    ),
    Because.ALREADY_DECIDED: Text("This request has already been decided."),
    Because.TEACHING_AREA: Text("Footage of a teaching area is for the principal alone to decide."),
    Because.TOO_MANY_OPEN: Text(
        "You already have {open} requests waiting. Please wait for a decision or withdraw one first.",
    ),
    Because.IN_THE_FUTURE: Text("That time has not come yet. Please choose a time in the past."),
    Because.NOT_A_DEPUTY: Text("Only a deputy principal with access can decide in the principal's place."),
    Because.NOT_CONCERNED: Text("This incident is seen to by others ({article} of the regulation)."),
    Because.ABOUT_ONESELF: Text("Nobody may change their own access ({article} of the regulation)."),
}


def refusal(ruling: Refused | NeedsApproval, **values: int) -> Text:
    """Why it is not allowed, in one sentence."""
    if isinstance(ruling, NeedsApproval):
        return Text(
            "Watching live needs the leadership's consent ({article} of the regulation). "
            "For recorded footage, send a request with /yeucau.",
            {"article": ruling.article},
        )
    return _REFUSALS[ruling.because].filled(article=ruling.article, **values)


_TOLD = Text("IT staff have been told.")
_SOON = Text("Please try again in a minute.")
_CAUSES: tuple[tuple[type[Exception], Text, Text | None], ...] = (
    (nvr.TooSlow, Text("The recorder is answering too slowly."), _SOON),
    (nvr.Busy, Text("The recorder is busy."), _SOON),
    (nvr.Unreachable, Text("The recorder does not answer."), _TOLD),
    (
        nvr.LoginBlocked,
        Text("The recorder refuses the system's password, so nothing is sent to it."),
        _TOLD,
    ),
    (nvr.NotAllowed, Text("The system's account has no right to this at the recorder."), _TOLD),
    (nvr.AccessRefused, Text("The recorder refuses the system's password or right."), _TOLD),
    (nvr.CameraOffline, Text("This camera has no signal now."), None),
    (nvr.NothingRecorded, Text("The recorder has no footage of that time."), None),
    (nvr.NotSupported, Text("This recorder cannot do that."), None),
    (nvr.BadAnswer, Text("The recorder answered, but not with a usable picture."), _SOON),
    (nvr.NoSpace, Text("The system's disk is full."), _TOLD),
    (nvr.RecorderError, Text("The recorder could not do this now."), _SOON),
    (
        AttachmentError,
        Text("The file could not be fetched: it may be larger than the 20 MB that the chat allows."),
        None,
    ),
    (media.NoSpace, Text("The system's disk is full."), _TOLD),
    (media.MediaError, Text("The file could not be read as a picture or video."), None),
)


def failure(error: Exception) -> Text:
    """What to tell a person about an expected error, and what to do. Never the error's own text."""
    for kind, cause_text, advice in _CAUSES:
        if isinstance(error, kind):
            if advice is None:
                return cause_text
            return Text("{cause} {advice}", {"cause": cause_text, "advice": advice})
    return SOMETHING_BROKE


def cause(error: Exception) -> Text:
    """What went wrong, for those who are to mend it: without "IT staff have been told"."""
    return next((text for kind, text, _advice in _CAUSES if isinstance(error, kind)), SOMETHING_BROKE)


FOR_IT: tuple[type[Exception], ...] = (nvr.NoSpace, media.NoSpace, nvr.AccessRefused)
"""What IT staff hear of, because only they can mend it."""

ROLES: dict[Role, Text] = {
    Role.PRINCIPAL: Text("principal"),
    Role.DEPUTY: Text("deputy principal"),
    Role.HEAD_GUARD: Text("head guard"),
    Role.GUARD: Text("guard"),
    Role.IT: Text("IT staff"),
    Role.ACCOUNTANT: Text("accountant"),
    Role.UNIT_HEAD: Text("head of unit"),
    Role.TEACHER: Text("teacher"),
    Role.STAFF: Text("staff"),
}

PURPOSES: dict[Purpose, Text] = {
    Purpose.ORDER: Text("security and order"),
    Purpose.TEACHING: Text("teaching and management"),
    Purpose.EQUIPMENT: Text("protection of equipment"),
    Purpose.EVIDENCE: Text("evidence or complaint"),
    Purpose.PROFESSIONAL: Text("professional work or research"),
}

STATES: dict[RequestState, Text] = {
    RequestState.PENDING: Text("waiting for a decision"),
    RequestState.NEEDS_INFO: Text("waiting for more information"),
    RequestState.APPROVED: Text("approved"),
    RequestState.EXTRACTING: Text("being extracted"),
    RequestState.READY: Text("being delivered"),
    RequestState.DELIVERED: Text("delivered"),
    RequestState.CLOSED: Text("closed"),
    RequestState.REJECTED: Text("not approved"),
    RequestState.EXPIRED: Text("expired"),
    RequestState.WITHDRAWN: Text("withdrawn"),
    RequestState.UNAVAILABLE: Text("no footage"),
    RequestState.FAILED: Text("waiting for extraction by hand"),
}

_TIME_REASONS: dict[Reason, Text] = {
    Reason.NO_TIME: Text("Which time, please? For example: 20/11 9:05-9:20"),
    Reason.FUTURE: Text("That time has not come yet. Please choose a time in the past."),
    Reason.NO_SUCH_DATE: Text("That date does not exist. Please check it."),
    Reason.NO_SUCH_HOUR: Text("That hour does not exist. Please check it."),
    Reason.END_BEFORE_START: Text("The end is before the start. Please write both again."),
    Reason.TOO_LONG: Text("One request covers at most {minutes} minutes. Please narrow it down or split it."),
    Reason.VAGUE: Text("From when to when, please? For example: 9:05-9:20"),
    Reason.NEEDS_HALF_OF_DAY: Text("Morning or afternoon?"),
    Reason.HALF_OF_DAY_CONFLICT: Text("The hour and the part of the day do not go together. Please check."),
    Reason.NEEDS_DAY: Text("Which day, please?"),
    Reason.NEEDS_HOUR: Text("About what time, please? For example: 9:05-9:20"),
    Reason.NEEDS_END: Text("Until when, please? For example: 9:05-9:20"),
    Reason.WHICH_DAY: Text("Which day is meant?"),
    Reason.DAYS_CONFLICT: Text("The weekday and the date do not agree. Please check."),
    Reason.WHICH_PERIOD: Text("Which lesson is meant?"),
    Reason.LUNAR: Text("Please write the date of the solar calendar."),
    Reason.OLDER_THAN_KEPT: Text(
        "This is older than the {days} days that are surely kept; the recorder will be checked all the same.",
    ),
}


def about_time(reason: Reason, minutes: int, days: int) -> Text:
    """What is still open or wrong about a time that was read."""
    return _TIME_REASONS[reason].filled(minutes=minutes, days=days)


def area_label(area: str) -> str:
    """An area as a heading: "Hành lang nhà A"; cameras without one stand under "…"."""
    return area[:1].upper() + area[1:] if area else "…"


def gone_card(request: FootageRequest, decider: Person | None) -> Text:
    """What stands where buttons were once a request is decided or over."""
    build: dict[RequestState, Callable[[], Text]] = {
        RequestState.EXPIRED: lambda: Text("{code} has expired without a decision.", {"code": request.code}),
        RequestState.WITHDRAWN: lambda: Text("{code} has been withdrawn.", {"code": request.code}),
        RequestState.UNAVAILABLE: lambda: Text(
            "{code}: the recorder has no footage of that time, so there is nothing to decide.",
            {"code": request.code},
        ),
    }
    if request.state in build:
        return build[request.state]()
    return decided(request, decider)


def decided(request: FootageRequest, decider: Person | None) -> Text:
    """Who decided, what and when."""
    from_whom = decider.called if decider else "–"
    when = _moment(request)
    if request.state is RequestState.REJECTED:
        return Text(
            "{who} did not approve {code} at {when}.", {"who": from_whom, "code": request.code, "when": when}
        )
    return Text(
        "{who} approved {code} at {when}. Order {order}.",
        {"who": from_whom, "code": request.code, "when": when, "order": request.order_code},
    )


def _moment(request: FootageRequest) -> Moment | str:
    return Moment(request.decided_at) if request.decided_at else "–"
