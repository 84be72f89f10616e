"""The tables of features: who does which command, tap, dialogue, job, follow-up. Adding one is one line."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from domain.chat import Text
from handlers import (
    basics,
    camera_list,
    card,
    closing,
    decide,
    delegate,
    draft,
    expiry,
    help_,
    hold,
    incident,
    incident_alarm,
    incident_book,
    incident_draft,
    incident_footage,
    incident_list,
    incident_work,
    language,
    live_clip,
    manual,
    measuring,
    pending,
    people,
    release,
    request,
    retention,
    send_request,
    snapshot,
    summary,
)
from handlers.asking import Ask
from handlers.ports import Again, Tools, UnitOfWork

Handler = Callable[[Ask, Tools], Awaitable[Text | None]]
Dialogue = Callable[[Ask, Tools], Awaitable[bool]]
Job = Callable[[Tools, Mapping[str, str | int], int], Awaitable[Again | None]]
FollowUp = Callable[[UnitOfWork, Mapping[str, str | int], datetime], Awaitable[None]]
Watch = Callable[[Tools], Awaitable[int]]

COMMANDS: Mapping[str, Handler] = {
    "start": help_.help_,
    "trogiup": help_.help_,
    "help": help_.help_,
    "anh": snapshot.snapshot,
    "snapshot": snapshot.snapshot,
    "clip": live_clip.live_clip,
    "yeucau": request.request,
    "request": request.request,
    "choduyet": pending.pending,
    "pending": pending.pending,
    "uyquyen": delegate.delegate,
    "delegate": delegate.delegate,
    "suviec": incident.incident,
    "incident": incident.incident,
    "baocao": incident.incident,
    "nguoidung": people.people,
    "people": people.people,
    "camera": camera_list.cameras,
    "cameras": camera_list.cameras,
    "luutru": retention.retention,
    "retention": retention.retention,
    "ngonngu": language.language,
    "language": language.language,
    "quyche": basics.rules,
    "regulation": basics.rules,
    "huy": basics.cancel,
    "cancel": basics.cancel,
}

MENU: tuple[tuple[str, Text], ...] = (
    ("anh", Text("Picture of a camera")),
    ("clip", Text("A few live seconds")),
    ("yeucau", Text("Ask for a recording")),
    ("suviec", Text("Report an incident")),
    ("choduyet", Text("Requests that wait")),
    ("uyquyen", Text("Delegate decisions")),
    ("nguoidung", Text("People and access")),
    ("camera", Text("List of cameras")),
    ("luutru", Text("How long footage is kept")),
    ("quyche", Text("The regulation in short")),
    ("ngonngu", Text("Language")),
    ("trogiup", Text("Help")),
    ("huy", Text("Stop")),
)
"""What the chat's command menu shows."""

ACTS: Mapping[str, Handler] = {
    "help": help_.help_,
    "language.choose": language.choose,
    "snapshot.take": snapshot.take,
    "snapshot.area": snapshot.area,
    "snapshot.areas": snapshot.areas,
    "snapshot.all": snapshot.all_cameras,
    "clip.take": live_clip.take,
    "request.start": request.start,
    "request.chose": request.chose,
    "request.stop": request.stop,
    "request.send": send_request.send,
    "request.withdraw": send_request.withdraw,
    "decide.approve": decide.approve,
    "decide.refuse": decide.refuse,
    "decide.reason": decide.reason_chosen,
    "decide.ask_more": decide.ask_more,
    "decide.back": decide.back,
    "manual.again": manual.again,
    "people.add": people.add,
    "people.role": people.role_chosen,
    "people.list": people.to_remove,
    "people.remove": people.remove,
    "people.removed": people.removed,
    "delegate.to": delegate.until,
    "delegate.done": delegate.done,
    "incident.new": incident.new,
    "incident.kind": incident.kind,
    "incident.kinds": incident.kinds,
    "incident.level": incident.level,
    "incident.levels": incident.levels,
    "incident.camera": incident.camera,
    "incident.area": incident.area,
    "incident.place": incident.place,
    "incident.places": incident.places,
    "incident.back": incident.back,
    "incident.send": incident_draft.send_at,
    "incident.drop": incident_draft.drop,
    "incident.take": incident_alarm.take,
    "incident.details": incident_book.details,
    "incident.note": incident_book.note,
    "incident.called": incident_book.called,
    "incident.files": incident_book.files,
    "incident.assign": incident_work.assign,
    "incident.assigned": incident_work.assigned,
    "incident.work": incident_work.work,
    "incident.close": incident_work.close,
    "incident.reopen": incident_work.reopen,
    "incident.mistake": incident_work.mistake,
    "incident.request": incident_work.ask_for_recording,
    "incident.list": incident_list.list_,
    "incident.by_kind": incident_list.by_kind,
    "incident.export": incident_list.export,
    "retention.camera": retention.camera,
}

DIALOGUES: Mapping[str, tuple[Dialogue, timedelta]] = {
    decide.REFUSE: (decide.reason_typed, timedelta(minutes=15)),
    decide.ASK_MORE: (decide.question_typed, timedelta(minutes=15)),
    send_request.ANSWER: (send_request.answered, timedelta(days=1)),
    people.NEW_PERSON: (people.name_typed, timedelta(minutes=15)),
    incident_draft.DIALOGUE: (incident.typed, incident_draft.FORGOTTEN_AFTER),
    incident_book.NOTE: (incident_book.note_typed, incident_book.ANSWERED_WITHIN),
    incident_work.RESULT: (incident_work.result_typed, incident_book.ANSWERED_WITHIN),
    draft.KIND: (request.typed, draft.FORGOTTEN_AFTER),
}
"""Which dialogue takes plain words (it says whether it took them), and after how long it is forgotten."""

JOBS: Mapping[str, Job] = {
    "hold": hold.hold,
    "destroy": hold.destroy,
    "card": card.send_card,
    "release": release.release,
    "incident.finish": incident_draft.finish,
    "incident.escalate": incident_alarm.escalate,
    "incident.unreachable": incident_alarm.unreachable,
    "incident.pictures": incident_footage.pictures,
    "incident.show": incident_footage.show_one,
    "incident.hold": incident_footage.hold,
    "measure": measuring.measure,
    "summary": summary.send,
}

FOLLOW_UPS: Mapping[str, FollowUp] = {
    "request.delivered": release.delivered,
    "request.delivered.failed": release.undeliverable,
    "incident.alerted": incident_alarm.alerted,
    "incident.alerted.failed": incident_alarm.not_alerted,
}

WATCHES: tuple[Watch, ...] = (
    expiry.expire,
    expiry.remind,
    closing.close,
    measuring.begin_rounds,
    summary.begin,
    incident_footage.destroy_old,
)
"""What is looked after once a minute."""
