"""From the order to the delivery: the recording is made playable and sent to whom it was granted (Điều 5).

The order and every step are states of the request, so that a job killed at any moment goes on where it was.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.audit import Entry
from domain.chat import Media, MediaKind, Moment, Outgoing, Period, Text
from domain.people import Person, Role
from domain.requests import Evidence, FootageRequest, Hold, RequestState, code_of
from handlers import words
from handlers.asking import system_entry
from handlers.manual import ask_by_hand
from handlers.ports import Again, Tools, UnitOfWork
from media.errors import MediaError
from media.split import split_to_fit
from media.video import to_mp4

TRY_AGAIN = timedelta(seconds=30)
TOLD_EARLIER = timedelta(seconds=1)
"""So much before the asked start a recording may begin without a word of it."""


async def ordered(
    uow: UnitOfWork,
    tools: Tools,
    request: FootageRequest,
    by: Person,
    at: datetime,
) -> FootageRequest:
    """Move a request to approved, with an order number; start what can start now."""
    year = at.astimezone(tools.zone).year
    order_code = code_of("LTX", year, await uow.counters.next("LTX", year))
    request = await uow.requests.move(
        request, RequestState.APPROVED, decided_by=by.id, decided_at=at, order_code=order_code
    )
    if request.hold is Hold.HELD:
        await uow.jobs.want("release", f"release:{request.id}", {"request": request.id}, at)
    elif request.hold is Hold.FAILED:
        await uow.requests.set_hold(request.id, Hold.QUEUED)
        await uow.jobs.want("hold", f"hold:{request.id}:ordered", {"request": request.id}, at)
    for person in await uow.people.with_roles((Role.IT,)):
        await uow.outbox.say(
            Outgoing(
                person.id,
                (
                    Text(
                        "Order {order} of {who}: {code}, {camera}, {span}.",
                        {
                            "order": order_code,
                            "who": by.called,
                            "code": request.code,
                            "camera": tools.cameras.by_code(request.camera_code).label,
                            "span": Period(request.start, request.end),
                        },
                    ),
                    Text("The system is extracting it; nothing to do unless you are asked."),
                ),
                slot=it_slot(request.id),
            ),
            at,
        )
    return request


async def release(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: make the held original playable and hand it to the delivery."""
    del attempt  # every step is safe to repeat
    request_id = int(data["request"])
    async with tools.begin() as uow:
        request = await uow.requests.get(request_id)
        if request is None or request.evidence_id is None:
            return None
        evidence = await uow.evidence.get(request.evidence_id)
        if evidence is None or request.state not in (
            RequestState.APPROVED,
            RequestState.FAILED,
            RequestState.EXTRACTING,
        ):
            return None
        if request.state is not RequestState.EXTRACTING:
            request = await uow.requests.move(request, RequestState.EXTRACTING)
            await _progress(uow, tools, request)
        await uow.commit()
    try:
        keys = await _playable(tools, request, evidence)
    except MediaError as error:
        return await _unplayable(tools, request, error)
    async with tools.begin() as uow:
        request = await _still_extracting(uow, request_id)
        if request is None:
            return None
        request = await uow.requests.move(request, RequestState.READY)
        await uow.requests.set_hold(request.id, Hold.RELEASED)
        await uow.audit.write(
            system_entry(
                tools.now(),
                "request:extract:done",
                request.code,
                {"sha256": evidence.sha256, "size_bytes": evidence.size_bytes, "method": evidence.method},
            ),
        )
        await _deliver(uow, tools, request, evidence, keys)
        await uow.commit()
    return None


async def delivered(uow: UnitOfWork, data: Mapping[str, str | int], now: datetime) -> None:
    """Follow-up of the last part: the platform has accepted it."""
    request = await uow.requests.get(int(data["request"]))
    if request is None or request.state is not RequestState.READY:
        return
    request = await uow.requests.move(request, RequestState.DELIVERED)
    await uow.audit.write(
        Entry(
            at=now,
            actor=None,
            role="system",
            what="request:deliver:done",
            about=request.code,
            article="Điều 5",
            details={"to": request.requester_id, "order": request.order_code},
        ),
    )
    done = Text("{code}: sent at {when}.", {"code": request.code, "when": Moment(now)})
    await uow.outbox.say(Outgoing(request.requester_id, (done,), slot=f"request:{request.id}:progress"), now)
    requester = await uow.people.get(request.requester_id)
    for person in await uow.people.with_roles((Role.IT,)):
        await uow.outbox.say(
            Outgoing(
                person.id,
                (
                    Text(
                        "{code} (order {order}) was delivered to {who} at {when}.",
                        {
                            "code": request.code,
                            "order": request.order_code,
                            "who": requester.called if requester else "–",
                            "when": Moment(now),
                        },
                    ),
                ),
                slot=it_slot(request.id),
            ),
            now,
        )


async def undeliverable(uow: UnitOfWork, data: Mapping[str, str | int], now: datetime) -> None:
    """Follow-up of a part that can never be sent: the person blocked the assistant, or the file is gone."""
    request = await uow.requests.get(int(data["request"]))
    if request is None:
        return
    requester = await uow.people.get(request.requester_id)
    await uow.audit.write(system_entry(now, "request:deliver:failed", request.code))
    told = {person.id for person in await uow.people.with_roles((Role.IT,))}
    if request.decided_by is not None:
        told.add(request.decided_by)
    for person_id in sorted(told):
        await uow.outbox.say(
            Outgoing(
                person_id,
                (
                    Text(
                        "{code} could not be delivered: {who} cannot be reached in the chat. "
                        "The recording is kept; please arrange it in person.",
                        {"code": request.code, "who": requester.called if requester else "–"},
                    ),
                ),
            ),
            now,
        )


def it_slot(request_id: int) -> str:
    """IT staff's message about a request: one, edited as it goes on."""
    return f"request:{request_id}:it"


async def _playable(tools: Tools, request: FootageRequest, evidence: Evidence) -> list[str]:
    """The keys of the parts to send, each small enough for the channel; made anew if a crash left halves."""
    original = tools.vault.path(evidence.key)
    key = f"spool/{request.code}.mp4"
    target = tools.vault.path(key)
    await to_mp4(original, target, program=tools.ffmpeg)
    if target.stat().st_size <= tools.upload_limit_bytes:
        return [key]
    parts = await split_to_fit(target, tools.upload_limit_bytes, program=tools.ffmpeg)
    tools.vault.remove(key)
    return [f"spool/{part.name}" for part in parts]


async def _unplayable(tools: Tools, request: FootageRequest, error: MediaError) -> Again | None:
    """The original is kept, but cannot be made playable: IT staff do it by hand."""
    if error.retryable:
        return Again(TRY_AGAIN)
    async with tools.begin() as uow:
        current = await _still_extracting(uow, request.id)
        if current is None:
            return None
        await uow.audit.write(
            system_entry(
                tools.now(), "request:extract:failed", current.code, {"error": type(error).__name__}
            ),
        )
        await uow.requests.set_hold(current.id, Hold.FAILED)
        await ask_by_hand(uow, tools, current, words.cause(error))
        await uow.commit()
    return None


async def _still_extracting(uow: UnitOfWork, request_id: int) -> FootageRequest | None:
    request = await uow.requests.get(request_id)
    return request if request and request.state is RequestState.EXTRACTING else None


async def _progress(uow: UnitOfWork, tools: Tools, request: FootageRequest) -> None:
    await uow.outbox.say(
        Outgoing(
            request.requester_id,
            (
                Text(
                    "{code} is approved. Order {order}.", {"code": request.code, "order": request.order_code}
                ),
                Text("The recording is being prepared for you."),
            ),
            slot=f"request:{request.id}:progress",
        ),
        tools.now(),
    )


async def _deliver(
    uow: UnitOfWork,
    tools: Tools,
    request: FootageRequest,
    evidence: Evidence,
    keys: list[str],
) -> None:
    now = tools.now()
    for number, key in enumerate(keys, start=1):
        is_last = number == len(keys)
        text = [
            Text(
                "{code} · {camera} · {span}",
                {
                    "code": request.code,
                    "camera": tools.cameras.by_code(request.camera_code).label,
                    "span": Period(request.start, request.end),
                },
            ),
        ]
        if len(keys) > 1:
            text.append(Text("Part {number} of {count}", {"number": number, "count": len(keys)}))
        if number == 1 and request.start - evidence.first_at >= TOLD_EARLIER:
            begins = Moment(evidence.first_at, "clock_seconds")
            text.append(Text("Begins at {when}: the recorder cuts at a key frame.", {"when": begins}))
        text += [
            Text(
                "Missing on the recorder: {span}",
                {"span": Period(start, end)},
            )
            for start, end in evidence.gaps[:5]
        ]
        text.append(Text("Original: SHA-256 {sha}…", {"sha": evidence.sha256[:16]}))
        text.append(Text("For the stated purpose only. Please do not copy, record or pass it on."))
        suffix = f"-{number}" if len(keys) > 1 else ""
        is_queued = await uow.outbox.say(
            Outgoing(
                request.requester_id,
                tuple(text),
                media=Media(MediaKind.VIDEO, key, f"{request.code}{suffix}.mp4"),
                protect=True,
                then="request.delivered" if is_last else None,
                then_data={"request": request.id},
            ),
            now,
        )
        if not is_queued:  # the person has no access any more
            tools.vault.remove(key)
            if is_last:
                await undeliverable(uow, {"request": request.id}, now)
