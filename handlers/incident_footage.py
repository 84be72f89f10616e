"""What cameras saw of an incident: pictures of the moment, and the span around it, kept unseen (Điều 5).

Keeping is not showing: the span is released only by an approved request, for which a button is offered.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from domain.cameras import Camera
from domain.chat import Media, MediaKind, Moment, Outgoing, Text
from domain.incidents import (
    EntryKind,
    HoldState,
    Incident,
    IncidentAlert,
    IncidentFile,
    IncidentHold,
    IncidentState,
    cameras_of,
)
from domain.people import Person
from handlers import access
from handlers.asking import system_entry
from handlers.incident_cards import show_everybody
from handlers.ports import Again, Tools, UnitOfWork
from media.errors import MediaError
from media.pictures import Stamp, stamp
from media.sheet import Tile, contact_sheet, thumbnail
from nvr_client.errors import NothingRecorded, RecorderError
from nvr_client.protocol import Exported, Span

PICTURES_WITHIN = timedelta(minutes=10)  # later, a picture of now says nothing about the incident
PICTURE_TRIES_SECONDS = (2, 5)
WRITTEN_AFTER = timedelta(seconds=30)  # recorders hand out what they have closed on the disk
SLOW_RETRY = timedelta(minutes=15)
_MOST_AT_ONCE = 200
FIRST_RETRIES = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5))


async def look(uow: UnitOfWork, tools: Tools, incident: Incident) -> None:
    """Want the pictures of this moment, of the named and the nearest cameras: also while it is a draft.

    They are put into the book unseen, and shown once the report is sent.
    """
    now = tools.now()
    if incident.camera_code and now - incident.happened_at <= PICTURES_WITHIN:
        key = f"incident:{incident.id}:look:{incident.state}:{incident.camera_code}:{int(incident.severity)}"
        await uow.jobs.want("incident.pictures", key, {"incident": incident.id}, now)


async def keep(uow: UnitOfWork, tools: Tools, incident: Incident) -> None:
    """Want the pictures and the span around it, of the named and the nearest cameras."""
    await look(uow, tools, incident)
    if not incident.camera_code:
        return
    now = tools.now()
    start, end = tools.rules.span(incident.happened_at)
    for camera in _cameras(tools, incident):
        hold = await uow.incidents.holds.add(incident.id, camera.code, start, end)
        if hold is not None:
            await uow.jobs.want("incident.hold", f"incident.hold:{hold.id}", {"hold": hold.id}, now)


async def pictures(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: a picture of each camera into the book, and to everybody concerned who may see it."""
    async with tools.reading() as uow:
        incident = await uow.incidents.get(int(data["incident"]))
        known = {file.camera_code for file in await uow.incidents.files(int(data["incident"]))}
    if incident is None or not incident.camera_code:
        return None
    missing = False
    for camera in _cameras(tools, incident):
        if camera.code not in known:
            missing |= not await _picture(tools, incident, camera)
    if missing and attempt < len(PICTURE_TRIES_SECONDS):
        return Again(timedelta(seconds=PICTURE_TRIES_SECONDS[attempt]))
    async with tools.reading() as uow:
        incident = await uow.incidents.get(incident.id)  # it may have been sent meanwhile
    if incident is not None and incident.is_running:
        await show_pictures(tools, incident)
    return None


async def show_one(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: somebody asked to see the cameras' pictures of an incident."""
    del attempt
    async with tools.reading() as uow:
        incident = await uow.incidents.get(int(data["incident"]))
        person = await uow.people.get(int(data["person"]))
    if incident is not None and person is not None and person.active:
        await show_pictures(tools, incident, person)
    return None


async def show_pictures(tools: Tools, incident: Incident, only: Person | None = None) -> None:
    """Hand the cameras' pictures to those who may see these cameras.

    Without `only`: to everybody concerned who has not had them.
    """
    async with tools.reading() as uow:
        files = [file for file in await uow.incidents.files(incident.id) if file.camera_code]
        if only is not None:
            viewers = [only]
        else:
            ids = [incident.reporter_id, *(alert.person_id for alert in await _reachable(uow, incident))]
            had = {
                line.about
                for line in await uow.incidents.entries(incident.id)
                if line.kind is EntryKind.PICTURES
            }
            found = [
                await uow.people.get(person_id)
                for person_id in dict.fromkeys(ids)
                if str(person_id) not in had
            ]
            viewers = [person for person in found if person is not None and person.active]
        allowed = {
            person.id: [
                file
                for file in files
                if await access.may_see_live(uow, person, tools.cameras.by_code(file.camera_code))
            ]
            for person in viewers
        }
    for person in viewers:
        if allowed[person.id]:
            await _hand_over(tools, incident, person, allowed[person.id])


async def hold(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: the span around an incident into the vault, unseen, as soon as it is recorded whole."""
    async with tools.reading() as uow:
        wanted = await uow.incidents.holds.get(int(data["hold"]))
        incident = await uow.incidents.get(wanted.incident_id) if wanted is not None else None
    if wanted is None or incident is None or wanted.state is not HoldState.QUEUED:
        return None
    now = tools.now()
    if now < wanted.end + WRITTEN_AFTER:
        return Again(wanted.end + WRITTEN_AFTER - now)
    camera = tools.cameras.by_code(wanted.camera_code)
    key = f"originals/{incident.created_at.year}/{incident.code}-{camera.code}.rec"
    target = tools.vault.path(key)
    try:
        exported = await tools.cameras.recorders[camera.recorder].export(
            camera.channel, Span(wanted.start, wanted.end), target
        )
    except NothingRecorded:
        await _not_held(tools, incident, wanted, HoldState.NOTHING)
        return None
    except RecorderError as error:
        is_late = now - wanted.end > timedelta(days=tools.limits.retention_days)
        if not error.retryable or is_late:
            await _not_held(tools, incident, wanted, HoldState.FAILED)
            return None
        return Again(FIRST_RETRIES[attempt] if attempt < len(FIRST_RETRIES) else SLOW_RETRY)
    tools.vault.keep(key)
    await _held(tools, incident, wanted, key, exported)
    return None


async def copy_for(tools: Tools, camera_code: str, span: Span, target: Path) -> Exported | None:
    """What incidents have kept of a span that was asked for, as an original of its own.

    Only what lies wholly inside it: a request never releases more than it names. None where nothing does.
    """
    async with tools.reading() as uow:
        found = await uow.incidents.holds.kept_within(camera_code, span.start, span.end)
    if not found or found[0].first_at is None or found[0].last_at is None:
        return None
    kept = found[0]
    sha256, size_bytes = await asyncio.to_thread(_copied, tools.vault.path(kept.key), target)
    return Exported(
        path=target,
        sha256=sha256,
        size_bytes=size_bytes,
        container=kept.container,
        span=Span(found[0].first_at, found[0].last_at),
        gaps=tuple(Span(start, end) for start, end in kept.gaps),
        clock_offset=timedelta(seconds=kept.clock_offset_seconds),
        method=kept.method,
    )


async def destroy_old(tools: Tools) -> int:
    """Watch: footage and files go some time after an incident was closed (law: when not needed any more)."""
    now = tools.now()
    async with tools.reading() as uow:
        over = [
            incident
            for incident in await uow.incidents.find(
                states=(IncidentState.CLOSED, IncidentState.DROPPED),
                limit=_MOST_AT_ONCE,
                until=now - tools.limits.keep_copies,
            )
            if incident.closed_at is None or now - incident.closed_at > tools.limits.keep_copies
        ]
        held = [
            (incident, kept)
            for incident in over
            for kept in await uow.incidents.holds.of(incident.id)
            if kept.state is HoldState.HELD
        ]
        files = [(incident, file) for incident in over for file in await uow.incidents.files(incident.id)]
    for incident, kept in held:
        async with tools.begin() as uow:
            await uow.incidents.holds.set_state(kept.id, HoldState.DESTROYED)
            await _note_destroyed(uow, incident, now, kept.camera_code, kept.sha256)
            await uow.commit()
        tools.vault.remove(kept.key)
    for incident, file in files:
        async with tools.begin() as uow:
            await uow.incidents.remove_file(file.id)
            await _note_destroyed(uow, incident, now, file.camera_code, file.sha256)
            await uow.commit()
        tools.vault.remove(file.key)
    return len(held) + len(files)


async def _note_destroyed(
    uow: UnitOfWork, incident: Incident, now: datetime, camera_code: str, sha256: str
) -> None:
    await uow.incidents.note(incident.id, now, None, EntryKind.DESTROYED, about=camera_code)
    details = {"sha256": sha256, "camera": camera_code}
    await uow.audit.write(system_entry(now, "incident:destroy:done", incident.code, details))


def _cameras(tools: Tools, incident: Incident) -> list[Camera]:
    """The named camera and its neighbours."""
    named = tools.cameras.by_code(incident.camera_code)
    return cameras_of(named, tools.cameras.all, incident.severity, tools.rules.most_cameras)


async def _reachable(uow: UnitOfWork, incident: Incident) -> list[IncidentAlert]:
    return [alert for alert in await uow.incidents.alerts.of(incident.id) if alert.is_reachable]


async def _picture(tools: Tools, incident: Incident, camera: Camera) -> bool:
    """One camera's picture into the book; False where it could not be had."""
    key = f"originals/{incident.created_at.year}/{incident.code}-{camera.code}.jpg"
    target = tools.vault.path(key)
    try:
        picture = await tools.cameras.recorders[camera.recorder].snapshot(camera.channel)
        await thumbnail(picture)  # broken bytes are no evidence
    except (RecorderError, MediaError):
        return False
    tools.vault.remove(key)  # what a crash left unregistered
    await asyncio.to_thread(target.write_bytes, picture)
    tools.vault.keep(key)
    async with tools.begin() as uow:
        if any(file.key == key for file in await uow.incidents.files(incident.id)):
            return True
        await uow.incidents.add_file(
            incident.id,
            tools.now(),
            person_id=None,
            camera_code=camera.code,
            kind=MediaKind.PHOTO.value,
            key=key,
            name=f"{incident.code}-{camera.code}.jpg",
            sha256=hashlib.sha256(picture).hexdigest(),
            size_bytes=len(picture),
        )
        await uow.commit()
    return True


async def _hand_over(tools: Tools, incident: Incident, person: Person, files: list[IncidentFile]) -> None:
    """One stamped picture, or one sheet of several, to one person."""
    taken_at = files[0].at
    pictures_ = [await asyncio.to_thread(tools.vault.path(file.key).read_bytes) for file in files]
    labels = [tools.cameras.by_code(file.camera_code).label for file in files]
    local = taken_at.astimezone(tools.zone)
    title = labels[0] if len(files) == 1 else tools.school
    mark = Stamp(title, f"{local:%H:%M:%S %d/%m/%Y}", person.called, incident.code)
    if len(files) == 1:
        image = await stamp(pictures_[0], mark)
    else:
        tiles = [Tile(label, await thumbnail(one)) for label, one in zip(labels, pictures_, strict=True)]
        image = await contact_sheet(tiles, tools.school, mark)
    key = await tools.vault.spool(image, ".jpg")
    async with tools.begin() as uow:
        current = await uow.people.get(person.id)
        if current is None or not current.active:
            tools.vault.remove(key)
            return
        now = tools.now()
        await uow.incidents.note(incident.id, now, None, EntryKind.PICTURES, about=str(person.id))
        details: dict[str, str | int | float] = {
            "person": person.id,
            "cameras": ", ".join(file.camera_code for file in files),
        }
        await uow.audit.write(system_entry(now, "incident:picture:shown", incident.code, details))
        text = Text(
            "{code}: what {cameras} saw at {when}.",
            {"code": incident.code, "cameras": ", ".join(labels), "when": Moment(taken_at, "full_seconds")},
        )
        media = Media(MediaKind.PHOTO, key, f"{incident.code}.jpg")
        # With a slot, so that a file which answers it is known to belong to the incident.
        message = Outgoing(
            person.id, (text,), media=media, protect=True, slot=f"incident:{incident.id}:pictures"
        )
        await uow.outbox.say(message, now)
        await uow.commit()


async def _held(tools: Tools, incident: Incident, wanted: IncidentHold, key: str, got: Exported) -> None:
    now = tools.now()
    async with tools.begin() as uow:
        current = await uow.incidents.holds.get(wanted.id)
        if current is None or current.state is not HoldState.QUEUED:
            return
        await uow.incidents.holds.held(
            wanted.id,
            key=key,
            sha256=got.sha256,
            size_bytes=got.size_bytes,
            container=got.container,
            first_at=got.span.start,
            last_at=got.span.end,
            gaps=[(gap.start, gap.end) for gap in got.gaps],
            clock_offset_seconds=got.clock_offset.total_seconds(),
            method=got.method,
        )
        await uow.incidents.note(incident.id, now, None, EntryKind.HELD, about=wanted.camera_code)
        details: dict[str, str | int | float] = {
            "camera": wanted.camera_code,
            "sha256": got.sha256,
            "size_bytes": got.size_bytes,
        }
        await uow.audit.write(system_entry(now, "incident:hold:done", incident.code, details))
        await _say_once_all_are_settled(uow, tools, incident.id)
        await uow.commit()


async def _not_held(tools: Tools, incident: Incident, wanted: IncidentHold, state: HoldState) -> None:
    now = tools.now()
    async with tools.begin() as uow:
        await uow.incidents.holds.set_state(wanted.id, state)
        await uow.incidents.note(incident.id, now, None, EntryKind.NOT_HELD, about=wanted.camera_code)
        details = {"camera": wanted.camera_code, "why": state.value}
        await uow.audit.write(system_entry(now, "incident:hold:failed", incident.code, details))
        await _say_once_all_are_settled(uow, tools, incident.id)
        await uow.commit()


async def _say_once_all_are_settled(uow: UnitOfWork, tools: Tools, incident_id: int) -> None:
    """The cards tell of the footage when nothing more is to come: one change, not one a camera."""
    incident = await uow.incidents.get(incident_id)
    holds = await uow.incidents.holds.of(incident_id)
    if incident is not None and all(one.state is not HoldState.QUEUED for one in holds):
        await show_everybody(uow, tools, incident)


def _copied(source: Path, target: Path) -> tuple[str, int]:
    """Copy bytes; SHA-256 and length of what was written."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
            writing.write(chunk)
    return digest.hexdigest(), size
