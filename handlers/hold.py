"""Hold first: the asked span is fetched and sealed in the vault, unseen, before anybody decides (Điều 5).

Refusal, withdrawal and expiry destroy it again; approval releases it.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.chat import Outgoing, Period, Text
from domain.people import Role
from domain.requests import DEAD, UNDECIDED, FootageRequest, Hold, RequestState
from handlers import access, words
from handlers.asking import system_entry
from handlers.decision_cards import card_slot, close_cards
from handlers.incident_footage import copy_for
from handlers.manual import ask_by_hand
from handlers.ports import Again, Tools
from nvr_client.errors import NothingRecorded, RecorderError
from nvr_client.protocol import Exported, Span

RETRY_SECONDS = (2, 4, 8, 15)
PROGRESS_EVERY_SECONDS = 3.0
SLOW_RETRY = timedelta(minutes=5)  # before a decision there is time; the recorder may come back


async def hold(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: fetch the span into the vault. Runs again after what may pass; gives up after what will not."""
    request_id = int(data["request"])
    async with tools.reading() as uow:
        request = await uow.requests.get(request_id)
    if request is None or request.hold in (Hold.HELD, Hold.RELEASED):
        return None
    # One name for every attempt: what a crash left whole but unregistered is replaced, or removed here.
    key = f"originals/{request.created_at.year}/{request.code}.rec"
    if request.state in DEAD:
        tools.vault.remove(key)
        return None
    camera, recorder = access.recorder_of(tools, request)
    target = tools.vault.path(key)
    told = _Progress(tools, request_id)
    span = Span(request.start, request.end)
    try:
        async with told:
            exported = await recorder.export(camera.channel, span, target, told.moved)
    except NothingRecorded:
        kept = await copy_for(
            tools, camera.code, span, target
        )  # an incident's span may outlive the recorder's
        if kept is None:
            await _nothing_there(tools, request)
            return None
        exported = kept
    except RecorderError as error:
        return await _failed(tools, request, error, attempt)
    tools.vault.keep(key)
    await _held(tools, request_id, key, exported)
    return None


async def destroy(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: a request is dead or closed; its copy is deleted from the vault. The recorder is not touched."""
    del attempt
    async with tools.begin() as uow:
        request = await uow.requests.get(int(data["request"]))
        if request is None or request.state not in (*DEAD, RequestState.CLOSED):
            return None
        evidence = await uow.evidence.get(request.evidence_id) if request.evidence_id else None
        if evidence is not None and request.hold is not Hold.DESTROYED:
            tools.vault.remove(evidence.key)
            await uow.audit.write(
                system_entry(tools.now(), "evidence:destroy:done", request.code, {"sha256": evidence.sha256}),
            )
        await uow.requests.set_hold(request.id, Hold.DESTROYED)
        await uow.commit()
    return None


class _Progress:
    """Says now and then how far a long extraction is, once there is an order for it; never before."""

    def __init__(self, tools: Tools, request_id: int) -> None:
        self._tools = tools
        self._request_id = request_id
        self._percent = 0
        self._task: asyncio.Task[None] | None = None

    def moved(self, size_bytes: int, total_bytes: int | None) -> None:
        """Called by the recorder's client as bytes arrive."""
        self._percent = min(99, size_bytes * 100 // total_bytes) if total_bytes else 0

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._tell())

    async def __aexit__(self, *error: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _tell(self) -> None:
        said = 0
        while True:
            await asyncio.sleep(PROGRESS_EVERY_SECONDS)
            if self._percent <= said:
                continue
            said = self._percent
            async with self._tools.begin() as uow:
                request = await uow.requests.get(self._request_id)
                if request is None or request.state is not RequestState.APPROVED:
                    continue
                text = Text(
                    "{code} is approved. Extracting: {percent} %", {"code": request.code, "percent": said}
                )
                message = Outgoing(request.requester_id, (text,), slot=f"request:{request.id}:progress")
                await uow.outbox.say(message, self._tools.now())
                await uow.commit()


async def _held(tools: Tools, request_id: int, key: str, exported: Exported) -> None:
    now = tools.now()
    async with tools.begin() as uow:
        request = await uow.requests.get(request_id)
        if request is None or request.hold in (Hold.HELD, Hold.RELEASED) or request.state in DEAD:
            # Somebody was quicker, or nobody may have it any more.
            known = request and request.evidence_id and await uow.evidence.get(request.evidence_id)
            if not known or known.key != key:
                tools.vault.remove(key)
            return
        evidence = await uow.evidence.add(
            request_id=request.id,
            key=key,
            sha256=exported.sha256,
            size_bytes=exported.size_bytes,
            container=exported.container,
            first_at=exported.first_frame_at or exported.span.start,
            last_at=exported.span.end,
            gaps=[(gap.start, gap.end) for gap in exported.gaps],
            clock_offset_seconds=exported.clock_offset.total_seconds(),
            taken_at=now,
            method=exported.method,
        )
        await uow.requests.set_hold(request.id, Hold.HELD, evidence.id)
        await uow.audit.write(
            system_entry(
                now,
                "evidence:hold:done",
                request.code,
                {
                    "sha256": exported.sha256,
                    "size_bytes": exported.size_bytes,
                    "method": exported.method,
                    "clock_offset_seconds": exported.clock_offset.total_seconds(),
                },
            ),
        )
        if request.state in UNDECIDED:
            if await uow.outbox.slot_open(card_slot(request.id)):
                await uow.jobs.want("card", f"card:{request.id}:held", {"request": request.id}, now)
        else:
            await uow.jobs.want(
                "release", f"release:{request.id}:{evidence.id}", {"request": request.id}, now
            )
        await uow.commit()


async def _nothing_there(tools: Tools, request: FootageRequest) -> None:
    """Everybody is told plainly that the recorder has nothing of that time."""
    now = tools.now()
    async with tools.begin() as uow:
        current = await uow.requests.get(request.id)
        if current is None or not current.may_go(RequestState.UNAVAILABLE):
            return
        current = await uow.requests.move(current, RequestState.UNAVAILABLE)
        await uow.requests.set_hold(current.id, Hold.NOTHING)
        await uow.audit.write(system_entry(now, "request:extract:nothing", current.code))
        await close_cards(uow, tools, current, None)
        text = (
            Text(
                "{code}: the recorder has no footage of {camera}, {span}. Nothing can be extracted.",
                {
                    "code": current.code,
                    "camera": tools.cameras.by_code(current.camera_code).label,
                    "span": Period(current.start, current.end),
                },
            ),
            Text("This answer is kept as a record."),
        )
        await uow.outbox.say(Outgoing(current.requester_id, text, slot=f"request:{current.id}:progress"), now)
        with_card = set(await uow.outbox.slot_open(card_slot(current.id)))
        others = [*await access.leaders(uow), *await uow.people.with_roles((Role.IT,))]
        for person in others:
            if person.id not in with_card and person.id != current.requester_id:
                await uow.outbox.say(Outgoing(person.id, text), now)
        await uow.commit()


async def _card_without_pictures(tools: Tools, request: FootageRequest, now: datetime) -> None:
    """Whoever decides need not wait for a recorder that does not give the span now."""
    async with tools.begin() as uow:
        key = f"card:{request.id}:at_once"
        await uow.jobs.want("card", key, {"request": request.id, "at_once": 1}, now)
        await uow.commit()


async def _failed(tools: Tools, request: FootageRequest, error: RecorderError, attempt: int) -> Again | None:
    now = tools.now()
    if attempt == 0:
        await _card_without_pictures(tools, request, now)
    if error.retryable and attempt < len(RETRY_SECONDS):
        return Again(timedelta(seconds=RETRY_SECONDS[attempt]))
    async with tools.begin() as uow:
        current = await uow.requests.get(request.id)
        if current is None or current.state in DEAD:
            return None
        undecided = current.state in UNDECIDED
        if undecided and error.retryable and attempt > len(RETRY_SECONDS):
            return Again(SLOW_RETRY)  # said once already; go on quietly
        await uow.audit.write(
            system_entry(now, "evidence:hold:failed", current.code, {"error": type(error).__name__}),
        )
        if undecided:
            if not error.retryable:
                await uow.requests.set_hold(current.id, Hold.FAILED)
            for person in await uow.people.with_roles((Role.IT,)):
                await uow.outbox.say(
                    Outgoing(
                        person.id,
                        (
                            Text(
                                "The footage of {code} could not be secured: {why}",
                                {"code": current.code, "why": words.cause(error)},
                            ),
                            Text("Please check the recorder before the footage is overwritten."),
                        ),
                    ),
                    now,
                )
        else:
            await uow.requests.set_hold(current.id, Hold.FAILED)
            await ask_by_hand(uow, tools, current, words.cause(error))
        await uow.commit()
    return Again(SLOW_RETRY) if undecided and error.retryable else None
