"""A consistent copy of the databases and the vault's originals, made while the service works.

The database is copied before the originals: what it knows of was kept before. An original that is destroyed
meanwhile is left out, as it would be a moment later. The job engine's database is copied while writers of the
other one wait: whatever this one says was started is then in that one.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from storage.archive import writing
from storage.schema import Schema
from storage.sqlite import BUSY_TIMEOUT_MS
from storage.store import Store

NOTE = "backup.json"
DATABASE = "database/truccam.db"
JOBS = "database/jobs.db"
ORIGINALS = "originals"
FORMAT = 1


class NothingThere(Exception):
    """There is no database to copy yet, or one without tables."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the state lies.

    Attributes:
        database: the SQLite file; None where the database is a PostgreSQL server.
        jobs: the job engine's SQLite file; None with PostgreSQL. It may not be there yet.
        state: the vault's folder.
    """

    database: Path | None
    jobs: Path | None
    state: Path


@dataclass(frozen=True, slots=True)
class Note:
    """What a backup says of itself.

    Attributes:
        made_at: ISO time, aware.
        format: of the backup.
        audit_number: entries in the audit log; 0 where the database is not in the backup.
        audit_hash: hash of the last one.
        database: whether the database is in it.
        originals: how many originals.
    """

    made_at: str
    format: int
    audit_number: int
    audit_hash: str
    database: bool
    originals: int


async def back_up(places: Places, target: Path, at: datetime) -> Note:
    """Write everything to `target`, a new folder or a new file that ends in `.tar`.

    Blocks while it copies: it is meant for a process of its own, beside the service.

    Raises:
        NothingThere: there is no database.
        storage.archive.TargetTaken: something is at `target` already.
        storage.errors.DatabaseUnavailable: the database cannot be read now.
        OSError: a disk is full or cannot be read or written.
    """
    if places.database is not None and not places.database.exists():
        raise NothingThere
    with writing(target) as archive, _copies(places) as copies:
        number, digest = await _audit_head(copies.get(DATABASE))
        for name, path in copies.items():
            archive.add(name, path)
        originals = 0
        for key, path in _originals(places.state):
            with suppress(FileNotFoundError):
                archive.add(key, path)
                originals += 1
        note = Note(at.isoformat(), FORMAT, number, digest, DATABASE in copies, originals)
        archive.add_bytes(NOTE, json.dumps(asdict(note), indent=1).encode())
    return note


@contextmanager
def _copies(places: Places) -> Iterator[dict[str, Path]]:
    """Copies of the databases, on the disk where these are: there writers wait the shortest."""
    if places.database is None:
        yield {}
        return
    with tempfile.TemporaryDirectory(dir=places.database.parent, prefix=".backup-") as name:
        folder = Path(name)
        copies = {DATABASE: folder / "truccam.db"}
        with closing(_opened(places.database)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            _copy(places.database, copies[DATABASE])
            if places.jobs is not None and places.jobs.exists():
                copies[JOBS] = folder / "jobs.db"
                _copy(places.jobs, copies[JOBS])
            holder.execute("ROLLBACK")
        yield copies


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return connection


def _copy(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with closing(_opened(source)) as reading, closing(sqlite3.connect(target)) as copy:
        reading.backup(copy)
        # One file without a log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


async def _audit_head(copy: Path | None) -> tuple[int, str]:
    if copy is None:
        return 0, ""
    store = await Store.open(f"sqlite:///{copy}")
    try:
        if await store.schema() is Schema.EMPTY:
            raise NothingThere
        async with store.reading() as uow:
            return await uow.audit.end()
    finally:
        await store.aclose()


def _originals(state: Path) -> Iterator[tuple[str, Path]]:
    """Key and path of each whole original; half files have other names."""
    folder = state / ORIGINALS
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(state).parts
        half = path.name.endswith(".part") or any(part.startswith(".") for part in parts)
        if path.is_file() and not half:
            yield "/".join(parts), path
