"""The gate. A camera's picture, a recording or a request reaches a person only through these functions.

Each asks the regulation first and writes its answer into the audit log; `Viewable` and `Decidable` are made
nowhere else.
"""

from dataclasses import dataclass
from datetime import timedelta

from domain import regulation
from domain.cameras import Camera
from domain.chat import Text
from domain.incidents import Incident
from domain.people import Person, Role
from domain.regulation import Act, Because, Granted, NeedsApproval, Refused
from domain.requests import FootageRequest
from handlers import words
from handlers.asking import Ask, entry
from handlers.ports import Tools, UnitOfWork
from nvr_client.protocol import NvrClient


class DeniedError(Exception):
    """The regulation says no; `text` is what the person is told. Raised by the gate only.

    `is_shown`: the person's own chat shows it already (a card that was closed); a tap needs no message.
    """

    def __init__(self, text: Text, what: str, about: str, article: str, *, is_shown: bool = False) -> None:
        super().__init__(what)
        self.text = text
        self.what = what
        self.about = about
        self.article = article
        self.is_shown = is_shown


@dataclass(frozen=True, slots=True)
class Viewable:
    """A camera that this person may see now, with the recorder to ask."""

    camera: Camera
    recorder: NvrClient
    article: str


@dataclass(frozen=True, slots=True)
class Decidable:
    """A request that this person may decide now."""

    request: FootageRequest
    camera: Camera
    article: str


@dataclass(frozen=True, slots=True)
class Readable:
    """The cameras whose retention this person may read; `sums_only`: no more than their figures in sum."""

    cameras: tuple[Camera, ...]
    article: str
    sums_only: bool


ON_DUTY = True  # a guard counts as on duty while no roster exists (Điều 7 khoản 1)


async def live_picture(uow: UnitOfWork, tools: Tools, ask: Ask, camera: Camera) -> Viewable:
    """A camera to look at now; raises `DeniedError`."""
    person = await _still_here(uow, ask)
    rights = await uow.role_table.rights()
    ruling = regulation.live_picture(rights, person, camera, on_duty=ON_DUTY)
    if not isinstance(ruling, Granted):
        raise DeniedError(words.refusal(ruling), "live:picture:refused", camera.code, ruling.article)
    return Viewable(camera, tools.cameras.recorders[camera.recorder], ruling.article)


async def live_pictures(uow: UnitOfWork, tools: Tools, ask: Ask) -> list[Viewable]:
    """Every camera that the person may see now; raises `DeniedError` where it is none."""
    person = await _still_here(uow, ask)
    rights = await uow.role_table.rights()
    found: list[Viewable] = []
    refused: Refused | NeedsApproval | None = None
    for camera in tools.cameras.all:
        ruling = regulation.live_picture(rights, person, camera, on_duty=ON_DUTY)
        if isinstance(ruling, Granted):
            found.append(Viewable(camera, tools.cameras.recorders[camera.recorder], ruling.article))
        else:
            refused = ruling
    if not found:
        ruling_or_none = refused or Refused(Because.NO_RIGHT, "Điều 4 khoản 1")
        raise DeniedError(
            words.refusal(ruling_or_none), "live:picture:refused", "all", ruling_or_none.article
        )
    return found


async def live_clip(uow: UnitOfWork, tools: Tools, ask: Ask, camera: Camera, length: timedelta) -> Viewable:
    """A camera to record a few live seconds of; raises `DeniedError`."""
    person = await _still_here(uow, ask)
    rights = await uow.role_table.rights()
    ruling = regulation.live_clip(rights, person, camera, length, tools.limits, on_duty=ON_DUTY)
    if not isinstance(ruling, Granted):
        raise DeniedError(words.refusal(ruling), "live:clip:refused", camera.code, ruling.article)
    return Viewable(camera, tools.cameras.recorders[camera.recorder], ruling.article)


async def retention_of(uow: UnitOfWork, ask: Ask, camera: Camera) -> str:
    """The article on which the person may read how long one camera is kept; raises `DeniedError`."""
    person = await _still_here(uow, ask)
    ruling = regulation.see_retention(await uow.role_table.rights(), person, camera)
    if not isinstance(ruling, Granted):
        raise DeniedError(words.refusal(ruling), "retention:camera:refused", camera.code, ruling.article)
    return ruling.article


async def retention_of_all(uow: UnitOfWork, tools: Tools, ask: Ask) -> Readable:
    """Of which cameras the person may read; raises `DeniedError`."""
    person = await _still_here(uow, ask)
    rights = await uow.role_table.rights()
    ruling = regulation.see_retention(rights, person, None)
    if not isinstance(ruling, Granted):
        raise DeniedError(words.refusal(ruling), "retention:all:refused", "all", ruling.article)
    own = tuple(
        camera
        for camera in tools.cameras.all
        if isinstance(regulation.see_retention(rights, person, camera), Granted)
    )
    return Readable(own or tools.cameras.all, ruling.article, sums_only=not own)


async def retention_readers(uow: UnitOfWork, roles: tuple[Role, ...]) -> list[Person]:
    """Everybody of these roles who may read the whole of it."""
    rights = await uow.role_table.rights()
    return [
        person
        for person in await uow.people.with_roles(roles)
        if isinstance(regulation.see_retention(rights, person, None), Granted)
    ]


async def request_to_decide(uow: UnitOfWork, tools: Tools, ask: Ask, request_id: int) -> Decidable:
    """A request that the person may decide; raises `DeniedError`, also where it is decided already."""
    request = await uow.requests.get(request_id)
    if request is None:
        raise DeniedError(words.STRANGER, "request:decide:refused", "?", "")
    person = await _still_here(uow, ask)
    camera = tools.cameras.by_code(request.camera_code)
    ruling = regulation.decide_request(
        await uow.role_table.rights(),
        person,
        request,
        camera,
        delegated=await uow.role_table.delegated(person.id, tools.now()),
    )
    match ruling:
        case Granted(article):
            return Decidable(request, camera, article)
        case Refused(Because.ALREADY_DECIDED):
            decider = await uow.people.get(request.decided_by) if request.decided_by else None
            text, is_shown = words.gone_card(request, decider), True
        case _:
            text, is_shown = words.refusal(ruling), False
    raise DeniedError(text, "request:decide:refused", request.code, ruling.article, is_shown=is_shown)


async def own_request(uow: UnitOfWork, ask: Ask, request_id: int) -> FootageRequest:
    """A request of the person who asks; raises `DeniedError` for anybody else's."""
    person = await _still_here(uow, ask)
    request = await uow.requests.get(request_id)
    if request is None or request.requester_id != person.id:
        raise DeniedError(
            words.refusal(Refused(Because.NO_RIGHT, "Điều 4 khoản 2")), "request:own:refused", "?", ""
        )
    return request


async def deciders(uow: UnitOfWork, tools: Tools, request: FootageRequest) -> list[Person]:
    """Everybody who may decide this request now; a card goes to each."""
    rights = await uow.role_table.rights()
    camera = tools.cameras.by_code(request.camera_code)
    found: list[Person] = []
    for person in await uow.people.with_roles(rights.roles(Act.DECIDE_REQUEST)):
        delegated = await uow.role_table.delegated(person.id, tools.now())
        ruling = regulation.decide_request(rights, person, request, camera, delegated=delegated)
        if isinstance(ruling, Granted):
            found.append(person)
    return found


async def leaders(uow: UnitOfWork) -> list[Person]:
    """Principal and deputies."""
    return await uow.people.with_roles((Role.PRINCIPAL, Role.DEPUTY))


def recorder_of(tools: Tools, request: FootageRequest) -> tuple[Camera, NvrClient]:
    """The recorder that holds a request's footage: for the jobs that hold and extract on its order."""
    camera = tools.cameras.by_code(request.camera_code)
    return camera, tools.cameras.recorders[camera.recorder]


async def incident_to_see(uow: UnitOfWork, ask: Ask, incident_id: int) -> Incident:
    """An incident that the person may read; raises `DeniedError`."""
    person = await _still_here(uow, ask)
    incident = await uow.incidents.get(incident_id)
    if incident is None:
        raise DeniedError(words.STRANGER, "incident:see:refused", "?", "")
    concerned = await _concerned(uow, person, incident)
    ruling = regulation.see_incident(await uow.role_table.rights(), person, incident, concerned=concerned)
    if not isinstance(ruling, Granted):
        raise DeniedError(words.refusal(ruling), "incident:see:refused", incident.code, ruling.article)
    return incident


async def incident_to_handle(uow: UnitOfWork, ask: Ask, incident_id: int) -> Incident:
    """An incident that the person may take, see to and close; raises `DeniedError`."""
    incident = await incident_to_see(uow, ask, incident_id)
    person = await _still_here(uow, ask)
    called = await _concerned(uow, person, incident)
    ruling = regulation.handle_incident(await uow.role_table.rights(), person, called=called, on_duty=ON_DUTY)
    if not isinstance(ruling, Granted):
        raise DeniedError(words.refusal(ruling), "incident:handle:refused", incident.code, ruling.article)
    return incident


async def may_see_live(uow: UnitOfWork, person: Person, camera: Camera) -> bool:
    """Whether a picture of an incident may be shown to somebody: as for any live picture."""
    ruling = regulation.live_picture(await uow.role_table.rights(), person, camera, on_duty=ON_DUTY)
    return isinstance(ruling, Granted)


async def _concerned(uow: UnitOfWork, person: Person, incident: Incident) -> bool:
    """Was told of it, or is to see to it."""
    alert = await uow.incidents.alerts.get(incident.id, person.id)
    return alert is not None or incident.assigned_to == person.id


async def note_denied(uow: UnitOfWork, ask: Ask, denied: DeniedError) -> None:
    """Write a refusal into the audit log."""
    await uow.audit.write(entry(ask, denied.what, denied.about, denied.article))


async def _still_here(uow: UnitOfWork, ask: Ask) -> Person:
    """The person as the staff list has them now: a removal counts at once, also while a picture comes."""
    person = await uow.people.get(ask.person.id)
    if person is None or not person.active:
        raise DeniedError(words.STRANGER, "person:removed:refused", f"person {ask.person.id}", "Điều 1")
    return person
