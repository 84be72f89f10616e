"""When the system cannot extract, IT staff do it by hand on the order and send the file (Điều 5, Điều 8)."""

import asyncio
import hashlib
import re
from pathlib import Path

from domain import regulation
from domain.chat import Choice, Outgoing, Period, Text
from domain.people import Role
from domain.regulation import Because, Granted, Refused
from domain.requests import FootageRequest, Hold, RequestState
from handlers.access import DeniedError
from handlers.asking import Ask, answer, entry
from handlers.ports import AttachmentError, Tools, UnitOfWork
from media.errors import MediaError
from media.video import probe

KIND = "manual"
_CHUNK_BYTES = 1 << 20
_CODE = re.compile(r"YC-\d+-\d+")


async def ask_by_hand(uow: UnitOfWork, tools: Tools, request: FootageRequest, why: Text) -> None:
    """The automatic way has failed for good: IT staff are asked, the others are told."""
    now = tools.now()
    if request.may_go(RequestState.FAILED):
        request = await uow.requests.move(request, RequestState.FAILED)
    for person in await uow.people.with_roles((Role.IT,)):
        await uow.outbox.say(
            Outgoing(
                person.id,
                (
                    Text(
                        "{code}: the system could not extract the recording. {why}",
                        {"code": request.code, "why": why},
                    ),
                    Text(
                        "Please extract by hand: {camera}, {span}. Order {order}.",
                        {
                            "camera": tools.cameras.by_code(request.camera_code).label,
                            "span": Period(request.start, request.end),
                            "order": request.order_code,
                        },
                    ),
                    Text("Then send the video file here with the caption {code}.", {"code": request.code}),
                ),
                choices=((Choice(Text("Try again"), "manual.again", {"request": request.id}),),),
                slot=f"request:{request.id}:it",
            ),
            now,
        )
    await uow.outbox.say(
        Outgoing(
            request.requester_id,
            (
                Text(
                    "{code}: the recorder could not give the recording. "
                    "IT staff have been asked to extract it by hand.",
                    {"code": request.code},
                ),
            ),
            slot=f"request:{request.id}:progress",
        ),
        now,
    )
    if request.decided_by and request.decided_by != request.requester_id:
        await uow.outbox.say(
            Outgoing(
                request.decided_by,
                (Text("{code}: IT staff have been asked to extract it by hand.", {"code": request.code}),),
                slot=f"request:{request.id}:by_hand",
            ),
            now,
        )


async def again(ask: Ask, tools: Tools) -> Text | None:
    """`Thử lại`: the automatic way once more."""
    async with tools.begin() as uow:
        request = await uow.requests.get(ask.number("request"))
        if request is None or request.state is not RequestState.FAILED:
            return Text("This request no longer waits for extraction.")
        await _may_extract(uow, ask, [request])
        if request.hold is Hold.QUEUED:
            return Text("{code}: trying again.", {"code": request.code})  # two would write one file
        await uow.requests.set_hold(request.id, Hold.QUEUED)
        key = f"hold:{request.id}:{tools.secret_code()}"
        await uow.jobs.want("hold", key, {"request": request.id}, ask.at)
        await uow.audit.write(entry(ask, "request:retry:done", request.code, "Điều 5"))
        await uow.outbox.say(
            answer(
                ask,
                Text("{code}: trying again.", {"code": request.code}),
                slot=f"request:{request.id}:it",
            ),
            ask.at,
        )
        await uow.commit()
    return None


async def file_sent(ask: Ask, tools: Tools) -> None:
    """A file from IT staff: find its request, check it, keep it as the original and let it be delivered."""
    if ask.attachment is None:
        raise ValueError("no file")
    async with tools.reading() as uow:
        waiting = await uow.requests.in_state(RequestState.FAILED)
        await _may_extract(uow, ask, waiting)
    codes = _CODE.findall(ask.attachment.caption.upper())
    chosen = [request for request in waiting if request.code in codes] if codes else waiting
    if len(chosen) != 1:
        await _which(ask, tools, waiting)  # never guess: the footage would reach the wrong person
        return
    request = chosen[0]
    key = f"originals/{request.created_at.year}/{request.code}.manual-{tools.secret_code()}.rec"
    target = tools.vault.path(key)
    try:
        await tools.attachments.fetch(ask.account, ask.attachment, target)
        await complete(ask, tools, request, key, target)
    except (AttachmentError, MediaError, DeniedError):
        tools.vault.remove(key)
        raise


async def complete(ask: Ask, tools: Tools, request: FootageRequest, key: str, target: Path) -> None:
    """Take a file extracted by hand as the original of a request; raises `MediaError` for no video."""
    facts = await probe(target, program=tools.ffmpeg)
    sha256, size_bytes = await asyncio.to_thread(fingerprint, target)
    tools.vault.keep(key)
    now = tools.now()
    async with tools.begin() as uow:
        current = await uow.requests.get(request.id)
        await _may_extract(uow, ask, [current or request])
        if current is None or current.state is not RequestState.FAILED:
            tools.vault.remove(key)
            await uow.outbox.say(
                answer(ask, Text("{code} has been settled meanwhile.", {"code": request.code})), now
            )
            await uow.commit()
            return
        evidence = await uow.evidence.add(
            request_id=current.id,
            key=key,
            sha256=sha256,
            size_bytes=size_bytes,
            container=facts.container,
            first_at=current.start,
            last_at=current.end,
            gaps=[],
            clock_offset_seconds=0.0,
            taken_at=now,
            method="by_hand",
        )
        await uow.requests.set_hold(current.id, Hold.HELD, evidence.id)
        await uow.audit.write(
            entry(
                ask,
                "request:extract:by_hand",
                current.code,
                "Điều 5",
                {"sha256": sha256, "order": current.order_code},
            ),
        )
        await uow.jobs.want("release", f"release:{current.id}:{evidence.id}", {"request": current.id}, now)
        await uow.outbox.say(
            answer(
                ask,
                Text("{code}: file received. It is being delivered.", {"code": current.code}),
                slot=f"request:{current.id}:it",
            ),
            now,
        )
        await uow.commit()


async def _which(ask: Ask, tools: Tools, waiting: list[FootageRequest]) -> None:
    async with tools.begin() as uow:
        text = (
            Text(
                "Which request is this file for? Please send it again with the code as caption: {codes}."
            ).filled(codes=", ".join(request.code for request in waiting))
            if waiting
            else Text("No request waits for a file.")
        )
        await uow.outbox.say(answer(ask, text), ask.at)
        await uow.commit()


async def _may_extract(uow: UnitOfWork, ask: Ask, waiting: list[FootageRequest]) -> None:
    """IT staff, and only while a request with the leadership's order waits; raises `DeniedError`."""
    person = await uow.people.get(ask.person.id)
    ordered = any(request.order_code for request in waiting)
    ruling = regulation.extract(await uow.role_table.rights(), person or ask.person, ordered=ordered)
    if isinstance(ruling, Refused) and ruling.because is Because.ASK_FIRST:
        raise DeniedError(
            Text("No request waits for a file."), "request:extract:refused", "?", ruling.article
        )
    if not isinstance(ruling, Granted):
        raise DeniedError(
            Text("Files are not taken here. To report something, please write it in words."),
            "request:extract:refused",
            "?",
            ruling.article,
        )


def fingerprint(path: Path) -> tuple[str, int]:
    """SHA-256 and length in bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
        return digest.hexdigest(), file.tell()
