"""One request from question to clip on a school whose bot gets killed, and what must be true afterwards."""

import asyncio
import hashlib
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.clock import ZONE
from simulator.phones.people import Person
from simulator.school import ROOT, PretendSchool
from simulator.telegram import Phone
from simulator.telegram.model import Message

TEACHERS = tuple(Person(f"Cô {name}", 520_000 + i, "teacher", "", ()) for i, name in enumerate("ABCDE"))
PRINCIPAL = Person("Cô Hằng", 520_100, "principal", "", ())
IT = Person("Anh Dũng", 520_101, "it", "", ())
STAFF = (*TEACHERS, PRINCIPAL, IT)
PATIENCE_SECONDS = 40.0
LOOK_SECONDS = 0.002


@dataclass(frozen=True)
class Asked:
    """A request that waits for the principal's tap.

    Attributes:
        code: as in `YC-2026-0147`.
        teacher: who asked.
        card: where the principal can tap.
        pictures: the card came by itself, with stills of the held span; else the principal asked first.
    """

    code: str
    teacher: Phone
    card: Message
    pictures: bool


class Story:
    """The people's side of it, and an outsider's look into the files."""

    def __init__(self, school: PretendSchool) -> None:
        self.school = school
        self.folder = school.config.parent
        self.teachers = [self._phone(person) for person in TEACHERS]
        self.principal = self._phone(PRINCIPAL)
        self.it = self._phone(IT)

    def _phone(self, person: Person) -> Phone:
        return self.school.telegram.person(person.name, person.user_id)

    async def asked(self, teacher: Phone, *, pictures: bool = True) -> Asked:
        """A teacher asks for a minute; the principal has a card about it."""
        code = await self.sent_in(teacher)
        if not pictures:
            await self.principal.say("/choduyet")

        def is_card(message: Message) -> bool:
            kind = "photo" if pictures else "text"
            return message.kind == kind and code in message.text and "Duyệt" in message.buttons

        card = await self.principal.wait_for(is_card, PATIENCE_SECONDS)
        return Asked(code, teacher, card, pictures)

    async def sent_in(self, teacher: Phone) -> str:
        """A teacher sends a request in; its code."""
        day = datetime.now(ZONE) - timedelta(days=1)
        said = await teacher.say(f"/yeucau cổng chính {day:%d/%m} 9:05-9:06 học sinh bị xô ngã")
        check = await teacher.wait_for(
            lambda message: "Gửi yêu cầu" in message.buttons, PATIENCE_SECONDS, after=said
        )
        await teacher.tap((check, "Gửi yêu cầu"))
        got = await teacher.wait_for("YC-", PATIENCE_SECONDS, after=said)
        return next(word.strip(".,:") for word in got.text.split() if word.startswith("YC-"))

    async def tap(self, asked: Asked) -> None:
        """The principal's one tap."""
        await self.principal.tap((asked.card, "Duyệt"))

    async def kill(self) -> None:
        """The power goes; what the bot was writing to the database is over, too."""
        await self.school.bot.kill()

    async def restart(self) -> None:
        """The power is back."""
        await self.school.bot.start()

    async def clip(self, asked: Asked) -> Message:
        """The delivered clip."""
        return await asked.teacher.wait_for(
            lambda message: message.kind == "video" and asked.code in message.text, PATIENCE_SECONDS
        )

    async def told(self, asked: Asked) -> None:
        """The clip is there, IT staff know, and everything about it is written down."""
        await self.clip(asked)
        await self.it.wait_for(
            lambda message: asked.code in message.text and "đã giao cho" in message.text, PATIENCE_SECONDS
        )
        await until(lambda: not self.rows("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending')"))

    def rows(self, statement: str, *values: str) -> list[tuple[str, ...]]:
        """What a statement finds in the bot's database."""
        with closing(sqlite3.connect(f"file:{self.folder}/truccam.db?mode=ro", uri=True)) as connection:
            return list(connection.execute(statement, values))

    def state(self, asked: Asked) -> str:
        """The request's state."""
        return self.rows("SELECT state FROM requests WHERE code = ?", asked.code)[0][0]

    @contextmanager
    def nothing_written(self, file: str = "truccam.db") -> Iterator[None]:
        """Hold a database's write lock: the bot stands still before its next transaction."""
        with closing(sqlite3.connect(self.folder / file, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def seen(self, code: str) -> Counter[tuple[str, str]]:
        """How many messages about a request appeared on whose phone, by kind; edits add none."""
        names = {person.user_id: person.name for person in STAFF}
        return Counter(
            (names[sent.chat_id], sent.kind) for sent in self.school.telegram.sent if code in sent.text
        )

    def check(self, asked: Asked) -> None:
        """Nothing lost, nothing doubled: in the chats, in the log, in the vault."""
        card = "photo" if asked.pictures else "text"
        teacher = asked.teacher.name
        assert self.seen(asked.code) == {
            (teacher, "text"): 1,
            (PRINCIPAL.name, card): 1,
            (IT.name, "text"): 1,
            (teacher, "video"): 1,
        }, asked
        assert self.state(asked) == "delivered"
        assert "Duyệt" not in asked.card.buttons
        acts = [what for (what,) in self.rows("SELECT what FROM audit WHERE about = ?", asked.code)]
        assert Counter(acts) == {
            "request:ask:done": 1,
            "evidence:hold:done": 1,
            "request:approve:done": 1,
            "request:extract:done": 1,
            "request:deliver:done": 1,
        }, asked
        kept = self.rows(
            "SELECT e.key, e.sha256 FROM evidence e JOIN requests r ON r.id = e.request_id WHERE r.code = ?",
            asked.code,
        )
        assert len(kept) == 1, kept
        ((key, sha256),) = kept
        assert hashlib.sha256((self.folder / key).read_bytes()).hexdigest() == sha256

    async def check_the_rest(self) -> None:
        """No file without an owner, no broken chain, no job or row left, no error in the log."""
        kept = {key for (key,) in self.rows("SELECT key FROM evidence")}
        assert self.files("originals") == kept
        assert self.files("spool") == set()
        assert self.rows("SELECT name, key FROM wanted_jobs WHERE NOT started") == []
        ended = "('sent', 'superseded')"
        assert self.rows(f"SELECT state, why, message FROM outbox WHERE state NOT IN {ended}") == []  # noqa: S608 - our own
        await until(lambda: not self.jobs_under_way())
        log = (self.folder / "bot.log").read_text(encoding="utf-8")
        assert '"error"' not in log, log
        assert "Traceback" not in log, log
        assert await self.audit_verified() == 0

    def files(self, folder: str) -> set[str]:
        """Every file below one of the vault's folders, half ones too."""
        found = (path for path in (self.folder / folder).rglob("*") if not path.is_dir())
        return {str(path.relative_to(self.folder)) for path in found}

    def jobs_under_way(self) -> list[tuple[str, str]]:
        """What the job engine has not ended."""
        file = f"file:{self.folder}/truccam-jobs.db?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as connection:
            return list(
                connection.execute(
                    "SELECT workflow_uuid, status FROM workflow_status WHERE status != 'SUCCESS'"
                )
            )

    async def audit_verified(self) -> int:
        """`audit verify`'s exit status."""
        verify = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "audit", "verify", "--config", str(self.school.config)),
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
        )
        return await verify.wait()


async def until(condition: Callable[[], object], timeout_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something that another process brings about, looking closely: the moment matters."""
    async with asyncio.timeout(timeout_seconds):
        while not condition():  # noqa: ASYNC110 - another process rings no bell
            await asyncio.sleep(LOOK_SECONDS)
