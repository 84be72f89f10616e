"""From an update to its answer: seen before? who is it? which handler? what is owed on failure?

Every update is stored before it is worked on, and answered in the transaction that settles it. Updates of one
account are answered in their order, those of different accounts side by side.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from time import perf_counter

import structlog

from bot.channels.base import Channel
from bot.failures import describe
from domain.audit import Entry
from domain.chat import (
    Account,
    AlreadySettledError,
    Attachment,
    Command,
    Incoming,
    Offered,
    Other,
    Outgoing,
    Tap,
    Text,
    Words,
)
from domain.incidents import IncidentMoveError
from domain.people import LANGUAGE, Person
from domain.requests import ForbiddenMoveError
from handlers import alarm, basics, incident_files, words
from handlers.access import DeniedError, note_denied
from handlers.asking import Ask, answer, entry
from handlers.enrol import enrol
from handlers.free_text import free_text
from handlers.ports import AttachmentError, Tools, UnitOfWork
from handlers.registry import ACTS, COMMANDS, Handler
from media.errors import MediaError
from nvr_client.errors import RecorderError
from storage.store import Store

SIDE_BY_SIDE = 64
STRANGER_ANSWERS = 20  # per account and process hour: a stranger cannot make us write without end
TAP_PATIENCE_SECONDS = 0.8  # then the phone is told that the tap was noticed, though the answer is not ready
log = structlog.get_logger(__name__)


class Dispatch:
    """Answers updates. `tools.begin` is bound to each update as it is answered."""

    def __init__(
        self,
        store: Store,
        tools: Tools,
        channels: Mapping[str, Channel],
    ) -> None:
        self._store = store
        self._tools = tools
        self._channels = channels
        self._waiting: dict[Account, deque[Incoming]] = {}
        self._in_hand: set[tuple[str, str]] = set()
        self._workers: set[asyncio.Task[None]] = set()
        self._side_by_side = asyncio.Semaphore(SIDE_BY_SIDE)
        self._strangers: dict[Account, deque[float]] = {}
        self._handled = 0

    async def accept(self, batch: Sequence[Incoming]) -> None:
        """Keep a batch, then work it off. Returns as soon as it is safe: the platform may forget it then."""
        new = await self._store.store_updates(batch)
        if new == len(batch):
            self.work_off(batch)
            return
        open_keys = {_key(incoming) for incoming in await self._store.unanswered()}
        self.work_off([incoming for incoming in batch if _key(incoming) in open_keys])

    def work_off(self, batch: Sequence[Incoming]) -> None:
        """Answer updates that are stored already, each account's in order."""
        for incoming in batch:
            if _key(incoming) in self._in_hand:
                continue
            self._in_hand.add(_key(incoming))
            queue = self._waiting.get(incoming.account)
            if queue is not None:
                queue.append(incoming)
                continue
            self._waiting[incoming.account] = deque((incoming,))
            task = asyncio.create_task(self._work(incoming.account))
            self._workers.add(task)
            task.add_done_callback(self._workers.discard)

    async def idle(self) -> None:
        """Wait until everything that came in is answered."""
        while self._workers:
            await asyncio.wait(self._workers)

    async def aclose(self, patience_seconds: float = 5.0) -> None:
        """Let what is under way end; what does not is stored and will be answered after the next start."""
        if self._workers:
            await asyncio.wait(self._workers, timeout=patience_seconds)
        for task in list(self._workers):
            task.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    @property
    def handled(self) -> int:
        """Updates answered since the start."""
        return self._handled

    async def _work(self, account: Account) -> None:
        queue = self._waiting[account]
        while queue:
            async with self._side_by_side:
                await self._answer(queue[0])
            self._in_hand.discard(_key(queue.popleft()))
        del self._waiting[account]

    async def _answer(self, incoming: Incoming) -> None:
        tools = replace(self._tools, begin=partial(self._store.begin, incoming))
        started = perf_counter()
        try:
            toast = await self._route(incoming, tools)
        except AlreadySettledError:
            return  # answered before a crash, or by a repeated delivery
        except Exception as error:  # noqa: BLE001 - the edge: whatever broke, the person is owed a sentence
            log.error("update.broke", **describe(error))
            toast = await self._settle_with(incoming, tools, words.failure(error))
            await alarm.failed(self._tools, error)
        self._handled += 1
        if isinstance(incoming.body, Tap):
            await self._acknowledge(incoming, toast)
        log.debug("update.answered", milliseconds=round((perf_counter() - started) * 1000, 1))

    async def _route(self, incoming: Incoming, tools: Tools) -> Text | None:
        async with self._store.reading() as uow:
            person = await uow.people.by_account(incoming.account)
            offered = (
                await uow.outbox.offered(incoming.body.token) if isinstance(incoming.body, Tap) else None
            )
        if person is None or not person.active:
            await self._stranger(incoming, tools)
            return None  # one sentence, not a passing line as well
        ask = Ask(person, incoming.account, incoming.received_at)
        handler, ask = self._handler(incoming, ask, offered)
        if handler is None:
            return await self._dead_button(ask, tools)
        return await self._guarded(handler, ask, incoming, tools)

    def _handler(self, incoming: Incoming, ask: Ask, offered: Offered | None) -> tuple[Handler | None, Ask]:
        match incoming.body:
            case Command(name, args):
                return COMMANDS.get(name, _unknown_command), replace(ask, args=args)
            case Tap():
                if offered is None or not _meant_for(offered, incoming, ask.person):
                    return None, ask
                return ACTS.get(offered.act), replace(ask, data=offered.data, tapped=True)
            case Words(text):
                return free_text, replace(ask, args=text)
            case Attachment():
                return incident_files.file_sent, replace(ask, attachment=incoming.body)
            case Other(what):
                return basics.edited if what == "edited" else basics.unreadable, ask

    async def _guarded(self, handler: Handler, ask: Ask, incoming: Incoming, tools: Tools) -> Text | None:
        """Run a handler; what it may not or cannot do becomes one sentence and one audit line."""
        settled = _Settled(tools)
        try:
            toast = await self._noticed(handler(ask, settled.tools), incoming)
        except DeniedError as denied:
            return await self._denied(ask, tools, denied)
        except (ForbiddenMoveError, IncidentMoveError):
            return await self._settle_with(incoming, tools, Text("This has been settled meanwhile."))
        except (RecorderError, MediaError, AttachmentError) as error:
            log.warning("handler.failed", kind=type(error).__name__)
            if isinstance(error, words.FOR_IT):
                await alarm.failed(self._tools, error)
            return await self._settle_with(incoming, tools, words.failure(error))
        if not settled.done:
            await self._settle_with(incoming, tools, None)
        return toast

    async def _noticed(self, answering: Awaitable[Text | None], incoming: Incoming) -> Text | None:
        """Wait for a handler; a tap whose answer takes long is acknowledged meanwhile."""
        if not isinstance(incoming.body, Tap):
            return await answering
        task = asyncio.ensure_future(answering)
        try:
            done, _ = await asyncio.wait({task}, timeout=TAP_PATIENCE_SECONDS)
            if not done:
                await self._acknowledge(incoming, None)
            return await task
        finally:
            task.cancel()

    async def _denied(self, ask: Ask, tools: Tools, denied: DeniedError) -> Text | None:
        """Said once: in the chat, or as a passing line where the chat shows it already."""
        is_passing = ask.tapped and denied.is_shown
        async with tools.begin() as uow:
            await note_denied(uow, ask, denied)
            if not is_passing:
                await uow.outbox.say(answer(ask, denied.text), tools.now())
            await uow.commit()
        return denied.text if is_passing else None

    async def _dead_button(self, ask: Ask, tools: Tools) -> Text:
        """A button that was never shown to this person, or has expired."""
        async with tools.begin() as uow:
            await uow.audit.write(entry(ask, "button:tap:refused", "?"))
            await uow.commit()
        return Text("This button is no longer valid.")

    async def _settle_with(self, incoming: Incoming, tools: Tools, text: Text | None) -> Text | None:
        """Mark an update as answered, with a sentence where there is one."""
        try:
            async with tools.begin() as uow:
                if text is not None:
                    await uow.outbox.say(Outgoing(incoming.account, (text,)), tools.now())
                await uow.commit()
        except AlreadySettledError:
            return None
        return text

    async def _stranger(self, incoming: Incoming, tools: Tools) -> None:
        """One fixed sentence for everybody unknown, whatever they sent; a valid code enrols."""
        body = incoming.body
        if isinstance(body, Command) and body.name == "start" and body.args.strip():
            await enrol(incoming.account, body.args, tools)
            return
        answers = self._strangers.setdefault(incoming.account, deque(maxlen=STRANGER_ANSWERS))
        now = tools.now().timestamp()
        is_flood = len(answers) == STRANGER_ANSWERS and now - answers[0] < 3600  # noqa: PLR2004 - seconds of an hour
        answers.append(now)
        async with tools.begin() as uow:
            await uow.audit.write(
                Entry(
                    tools.now(),
                    None,
                    "stranger",
                    "stranger:write:refused",
                    "?",
                    "Điều 1",
                    incoming.account.channel,
                )
            )
            if not is_flood:
                await uow.outbox.say(Outgoing(incoming.account, (words.STRANGER,)), tools.now())
            await uow.commit()

    async def _acknowledge(self, incoming: Incoming, toast: Text | None) -> None:
        if isinstance(incoming.body, Tap) and incoming.body.query_id:
            line = await self._passing(toast, incoming.account) if toast else None
            await self._channels[incoming.account.channel].acknowledge(incoming.body.query_id, line)

    async def _passing(self, toast: Text, account: Account) -> str:
        """A passing line in the words of whoever tapped."""
        async with self._store.reading() as uow:
            person = await uow.people.by_account(account)
        return self._tools.phrase(toast, person.language if person else LANGUAGE)


class _Settled:
    """Tools that remember whether the handler's own transaction has settled the update."""

    def __init__(self, tools: Tools) -> None:
        self.done = False
        self._begin = tools.begin
        self.tools = replace(tools, begin=self._remembering)

    @asynccontextmanager
    async def _remembering(self) -> AsyncIterator[UnitOfWork]:
        async with self._begin() as uow:
            yield uow
            self.done = self.done or uow.committed


def _key(incoming: Incoming) -> tuple[str, str]:
    return incoming.account.channel, incoming.update_id


def _meant_for(offered: Offered, incoming: Incoming, person: Person) -> bool:
    """A button counts for the account it was shown to, the person it was shown to, and until it expires."""
    same_person = offered.person_id is None or offered.person_id == person.id
    return offered.account == incoming.account and same_person and incoming.received_at < offered.expires_at


async def _unknown_command(ask: Ask, tools: Tools) -> None:
    await basics.not_understood(ask, tools)
