"""A backup put back in place, after every byte of it was checked. What was there before is moved aside."""

import hashlib
import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from storage.archive import BackupDamaged, copied, unpacked
from storage.backup import DATABASE, FORMAT, JOBS, NOTE, ORIGINALS, Note, Places
from storage.errors import DatabaseUnavailable
from storage.schema import Schema
from storage.store import Store

_SIDE_FILES = ("-wal", "-shm", "-journal")


_REGISTERS = {
    "evidence": "SELECT key, sha256 FROM evidence",
    "incident_files": "SELECT key, sha256 FROM incident_files",
    "incident_holds": "SELECT key, sha256 FROM incident_holds WHERE state = 'held'",
}
"""Where the database knows of files in the vault."""


class StateNotEmpty(Exception):
    """There is a database or there are originals already; they are put aside only when told so."""


class StillRunning(Exception):
    """Another program uses the database."""


class OtherKind(Exception):
    """The backup holds no database and the settings want SQLite, or the other way round."""


class NewerVersion(Exception):
    """The backup was made by a newer version."""


async def restore(source: Path, places: Places, at: datetime, *, overwrite: bool) -> tuple[Note, Path | None]:
    """Put a backup in place. Blocks while it copies; the service must not run.

    Args:
        source: the folder or the `.tar`.
        places: where the state is to lie.
        at: now; names the folder to which the present state is moved.
        overwrite: move the present state aside; otherwise it must be empty.

    Returns:
        What the backup says of itself, and the folder with what was there before (None: nothing was).

    Raises:
        BackupDamaged: a byte, the audit log or an original is not as it was written.
        StateNotEmpty, StillRunning, OtherKind, NewerVersion: as told there; nothing was changed.
        OSError: a disk is full or cannot be read or written.
    """
    taken = [path for path in _present(places) if path.exists()]
    if taken and not overwrite:
        raise StateNotEmpty
    _check_unused(places)
    places.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=places.state, prefix=".restore-") as name:
        folder = Path(name)
        names = unpacked(source, folder)
        note = _note(folder)
        if note.database is not (places.database is not None) or (DATABASE in names) is not note.database:
            raise OtherKind
        if note.database:
            await _check_audit(folder / DATABASE, note)
            _check_originals(folder)
        aside = _put_aside(taken, places.state, at) if taken else None
        _put_in_place(folder, places)
    return note, aside


def _present(places: Places) -> list[Path]:
    """Everything that a restored state would take the place of."""
    databases = [path for path in (places.database, places.jobs) if path is not None]
    beside = [path.with_name(path.name + end) for path in databases for end in _SIDE_FILES]
    return [*databases, *beside, places.state / ORIGINALS]


def _check_unused(places: Places) -> None:
    """Only a program that is alone with a SQLite file may end its write-ahead log."""
    for path in (places.database, places.jobs):
        if path is None or not path.exists():
            continue
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA busy_timeout=0")
            try:
                connection.execute("PRAGMA journal_mode=DELETE").fetchall()
            except sqlite3.OperationalError as error:
                raise StillRunning from error
            except sqlite3.DatabaseError:
                continue  # a damaged file is what a restore is for


def _note(folder: Path) -> Note:
    try:
        raw = json.loads((folder / NOTE).read_bytes())
        if raw["format"] != FORMAT:
            raise NewerVersion
        return Note(**raw)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupDamaged(NOTE) from error


async def _check_audit(database: Path, note: Note) -> None:
    """The chain is whole and ends where the backup says."""
    store = await Store.open(f"sqlite:///{database}")
    try:
        if await store.schema() is Schema.UNKNOWN:
            raise NewerVersion
        async with store.reading() as uow:
            broken_at = await uow.audit.first_break()
            end = await uow.audit.end()
    except DatabaseUnavailable as error:
        raise BackupDamaged(DATABASE) from error
    finally:
        await store.aclose()
    if broken_at is not None or (end.number, end.hash) != (note.audit_number, note.audit_hash):
        raise BackupDamaged(DATABASE)


def _check_originals(folder: Path) -> None:
    """Each original is the one that the database registered; one that was destroyed is no damage."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        registered = [
            row
            for table, statement in _REGISTERS.items()
            if table in tables  # a backup may be older than a table
            for row in connection.execute(statement)
        ]
    for key, sha256 in registered:
        path = folder / str(key)
        if path.exists():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise BackupDamaged(str(key))


def _put_aside(taken: list[Path], state: Path, at: datetime) -> Path:
    aside = state / f"before-restore-{at:%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    for path in taken:
        if path.exists():
            shutil.move(path, aside / path.name)
    return aside


def _put_in_place(folder: Path, places: Places) -> None:
    for path in sorted((folder / ORIGINALS).rglob("*")):
        if path.is_file():
            path.chmod(0o400)
    if (folder / ORIGINALS).exists():
        (folder / ORIGINALS).rename(places.state / ORIGINALS)
    for name, place in ((JOBS, places.jobs), (DATABASE, places.database)):
        if place is not None and (folder / name).exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _move(folder / name, place)


def _move(source: Path, target: Path) -> None:
    """Rename, or copy to another disk and rename there: the target is whole or not there."""
    try:
        source.rename(target)
    except OSError:
        part = target.with_name(target.name + ".part")
        part.unlink(missing_ok=True)
        with source.open("rb") as file:
            copied(file, part)
        part.rename(target)
