"""Job: the card to everybody who may decide, with still pictures of the very span."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.chat import Media, MediaKind
from domain.requests import UNDECIDED, Evidence, FootageRequest, Hold
from handlers import access
from handlers.decision_cards import card, card_slot
from handlers.ports import Again, Tools
from media.errors import MediaError
from media.sheet import strip
from media.video import stills
from nvr_client.errors import RecorderError

WAIT_FOR_PICTURES = timedelta(seconds=60)  # then the card goes without; pictures follow when the span is held
LOOK_EVERY = timedelta(seconds=0.5)
STILLS = 3
BELIEVABLE = timedelta(days=400)  # no school keeps more; a recorder that says so answers something else


async def send_card(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Wait a little for the held span, then ask everybody who may decide.

    `at_once` is set where the recorder has failed already, so that waiting is of no use; `again` where there
    is news for those who were asked before; `only` where one more person is to be asked.
    """
    request_id = int(data["request"])
    async with tools.reading() as uow:
        request = await uow.requests.get(request_id)
        if request is None or request.state not in UNDECIDED:
            return None
        evidence = await uow.evidence.get(request.evidence_id) if request.evidence_id else None
        asked_before = bool(await uow.outbox.slot_open(card_slot(request_id)))
    if evidence is None and not {"again", "only"} & data.keys():
        if asked_before:
            return None
        may_wait = request.hold is Hold.QUEUED and attempt * LOOK_EVERY < WAIT_FOR_PICTURES
        if may_wait and "at_once" not in data:
            return Again(LOOK_EVERY)
    picture = await _pictures(tools, evidence) if evidence else None
    kept_until = await _kept_until(tools, request)
    async with tools.begin() as uow:
        current = await uow.requests.get(request_id)
        if current is None or current.state not in UNDECIDED:
            return None
        requester = await uow.people.get(current.requester_id)
        if requester is None:
            return None
        for decider in await access.deciders(uow, tools, current):
            if data.get("only", decider.id) != decider.id:
                continue
            media = (
                Media(MediaKind.PHOTO, await tools.vault.spool(picture, ".jpg"), f"{current.code}.jpg")
                if picture
                else None
            )
            await uow.outbox.say(
                card(tools, current, requester, decider, kept_until=kept_until, picture=media), tools.now()
            )
        await uow.commit()
    return None


async def _pictures(tools: Tools, evidence: Evidence) -> bytes | None:
    """A few moments of the span side by side; None where they cannot be made."""
    try:
        found = await stills(tools.vault.path(evidence.key), STILLS, program=tools.ffmpeg)
        captions = [f"{(evidence.first_at + one.offset).astimezone(tools.zone):%H:%M:%S}" for one in found]
        return await strip([one.jpeg for one in found], captions)
    except MediaError:
        return None


async def _kept_until(tools: Tools, request: FootageRequest) -> datetime | None:
    """When the recorder will overwrite the span: its age limit is that of the oldest recording now."""
    camera, recorder = access.recorder_of(tools, request)
    try:
        oldest = await recorder.oldest(camera.channel)
    except RecorderError:
        return None
    if oldest is None or tools.now() - oldest > BELIEVABLE:
        return None
    return request.start + (tools.now() - oldest)
