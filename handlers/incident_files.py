"""Files that people send: into the incident they answer or are writing, else a new report; IT staff's copies.

A file never gets lost because nobody was asked about it: where it belongs to nothing, it begins a report.
"""

import asyncio
import re
from pathlib import Path

from domain.chat import Attachment, Text
from domain.incidents import EntryKind, Incident, IncidentState
from domain.regulation import Act
from domain.requests import RequestState
from domain.vietnamese.readings import Match, Outcome
from domain.vietnamese.wishes import understand
from handlers import access, incident, manual
from handlers.asking import Ask, answer, entry
from handlers.incident_book import NOTE, add_words, tell_concerned
from handlers.incident_draft import DIALOGUE, asked_of, go_on
from handlers.ports import Tools, UnitOfWork
from handlers.registry import DIALOGUES
from handlers.request import limits_of, local_now

_INCIDENT_CODE = re.compile(r"\bSC-\d{4}-\d{1,6}\b", re.IGNORECASE)
_REQUEST_CODE = re.compile(r"\bYC-\d{4}-\d{1,6}\b", re.IGNORECASE)
_SLOT = re.compile(r"incident:(\d+):")
_SUFFIX = re.compile(r"\.[0-9A-Za-z]{1,8}")


async def file_sent(ask: Ask, tools: Tools) -> None:
    """A photo, video, voice message or document."""
    sent = ask.attachment
    if sent is None:
        raise ValueError("no file")
    found = await _belongs_to(ask, tools, sent)
    if found is None and (await _is_a_copy(ask, tools, sent) or await _is_busy(ask, tools)):
        await manual.file_sent(ask, tools)
        return
    key, sha256, size_bytes = await _fetched(ask, tools, sent)
    try:
        async with tools.begin() as uow:
            if found is None:
                found = await _new(uow, ask, tools, sent)
            else:
                found = await access.incident_to_see(uow, ask, found.id)
            await uow.incidents.add_file(
                found.id,
                ask.at,
                person_id=ask.person.id,
                camera_code="",
                kind=sent.kind.value,
                key=key,
                name=sent.name,
                sha256=sha256,
                size_bytes=size_bytes,
            )
            await uow.incidents.note(found.id, ask.at, ask.person.id, EntryKind.FILE)
            details: dict[str, str | int | float] = {"sha256": sha256, "size_bytes": size_bytes}
            await uow.audit.write(entry(ask, "incident:file:done", found.code, "Điều 3", details))
            await _after(uow, ask, tools, found, sent)
            await uow.commit()
    except BaseException:
        tools.vault.remove(key)
        raise


async def _after(uow: UnitOfWork, ask: Ask, tools: Tools, found: Incident, sent: Attachment) -> None:
    """Say that it was taken; a draft goes on, those who see to a report are told."""
    if found.state is IncidentState.DRAFT:
        dialogue = await uow.dialogues.get(ask.account)
        await go_on(uow, ask, tools, found, asked_of(dialogue, found.id), Text("File taken."), anew=True)
        return
    await uow.outbox.say(answer(ask, Text("File added to {code}.", {"code": found.code})), ask.at)
    caption = _INCIDENT_CODE.sub("", sent.caption).strip()
    if caption and found.text != caption:
        await add_words(uow, ask, tools, found, caption)
    elif found.is_running:
        text = Text("{code}: {who} sent a file.", {"code": found.code, "who": ask.person.called})
        await tell_concerned(uow, ask, tools, found, text)


async def _belongs_to(ask: Ask, tools: Tools, sent: Attachment) -> Incident | None:
    """The incident that is answered, named in the caption, being written, or was just sent."""
    async with tools.reading() as uow:
        slot = await uow.outbox.slot_of(ask.account, sent.reply_to) if sent.reply_to else None
        if slot and (answered := _SLOT.match(slot)):
            return await uow.incidents.get(int(answered[1]))
        if named := _INCIDENT_CODE.search(sent.caption):
            return await uow.incidents.by_code(named[0].upper())
        dialogue = await uow.dialogues.get(ask.account)
        if dialogue is None or dialogue.kind not in (DIALOGUE, NOTE):
            return None
        found = await uow.incidents.get(int(dialogue.data["incident"]))
    if found is None:
        return None
    is_fresh = found.reported_at is None or ask.at - found.reported_at <= tools.rules.add_within
    is_noting = dialogue.kind == NOTE and ask.at - dialogue.touched_at <= tools.rules.add_within
    is_open = found.state is IncidentState.DRAFT or (found.is_running and is_fresh)
    return found if is_noting or is_open else None


async def _is_a_copy(ask: Ask, tools: Tools, sent: Attachment) -> bool:
    """Whether IT staff send what a request waits for."""
    async with tools.reading() as uow:
        waits = bool(await uow.requests.in_state(RequestState.FAILED))
        rights = await uow.role_table.rights()
    extracts = rights.of(ask.person.role, Act.EXTRACT) is not None
    return _REQUEST_CODE.search(sent.caption) is not None or (extracts and waits)


async def _is_busy(ask: Ask, tools: Tools) -> bool:
    """Whether a question of another feature is open: a file does not answer it, and must not end it."""
    async with tools.reading() as uow:
        dialogue = await uow.dialogues.get(ask.account)
    if dialogue is None or dialogue.kind not in DIALOGUES or dialogue.kind in (DIALOGUE, NOTE):
        return False
    _takes, life = DIALOGUES[dialogue.kind]
    return tools.now() - dialogue.touched_at <= life


async def _new(uow: UnitOfWork, ask: Ask, tools: Tools, sent: Attachment) -> Incident:
    """A report that begins with a file."""
    words = sent.caption.strip()
    match = Match(Outcome.NOTHING)
    if words:
        wish = understand(words, tools.cameras.index, local_now(tools), limits=limits_of(tools))
        match = wish.match
    return await incident.begin(uow, ask, tools, words, match, has_file=True)


async def _fetched(ask: Ask, tools: Tools, sent: Attachment) -> tuple[str, str, int]:
    """The file in the vault, with its SHA-256 and length; raises `AttachmentError`."""
    suffix = Path(sent.name).suffix
    suffix = suffix if _SUFFIX.fullmatch(suffix) else ""
    year = ask.at.astimezone(tools.zone).year
    key = f"originals/{year}/SC-{tools.secret_code()}{suffix.lower()}"
    target = tools.vault.path(key)
    try:
        await tools.attachments.fetch(ask.account, sent, target)
        sha256, size_bytes = await asyncio.to_thread(manual.fingerprint, target)
        tools.vault.keep(key)
    except BaseException:
        tools.vault.remove(key)
        raise
    return key, sha256, size_bytes
