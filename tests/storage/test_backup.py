"""A copy made while the service writes, put back whole; a changed one is refused and changes nothing."""

import asyncio
import hashlib
import itertools
import shutil
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.audit import Entry
from domain.people import Role
from domain.requests import Purpose
from storage.archive import LIST, BackupDamaged, TargetTaken
from storage.audit import Head
from storage.backup import DATABASE, JOBS, NOTE, NothingThere, Places, back_up
from storage.restore import OtherKind, StateNotEmpty, StillRunning, restore
from storage.schema import Schema
from storage.store import Store
from storage.vault import Vault

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KINDS = ("copy", "copy.tar")


def places(folder: Path) -> Places:
    return Places(folder / "truccam.db", folder / "truccam-jobs.db", folder)


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/truccam.db"


async def log_something(store: Store, number: int = 0) -> Head:
    async with store.begin() as uow:
        await uow.audit.write(Entry(NOW, None, "operator", "test:done", f"thing {number}"))
        await uow.commit()
    return await end_of(store)


async def end_of(store: Store) -> Head:
    async with store.reading() as uow:
        return await uow.audit.end()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Store]:
    store = await Store.open(url(folder))
    try:
        yield store
    finally:
        await store.aclose()


def files_of(folder: Path) -> dict[str, bytes]:
    originals = folder / "originals"
    return {path.name: path.read_bytes() for path in originals.rglob("*") if path.is_file()}


@pytest.fixture
async def state(tmp_path: Path) -> Path:
    """A state with an audit log, two originals (one registered), half a file, and a job."""
    folder = tmp_path / "var"
    vault = Vault(folder)
    async with opened(folder) as store:
        await store.migrate()
        for number in range(3):
            await log_something(store, number)
        await register(store, vault, "originals/2026/YC-2026-0001.rec", b"first" * 50_000)
    vault.path("originals/2026/YC-2026-0002.rec").write_bytes(b"second")
    vault.path("originals/2026/YC-2026-0003.rec.part").write_bytes(b"half")
    vault.path("spool/a.jpg").write_bytes(b"about to be sent")
    with sqlite3.connect(folder / "truccam-jobs.db") as jobs:
        jobs.execute("CREATE TABLE job (name TEXT)")
        jobs.execute("INSERT INTO job VALUES ('hold')")
    jobs.close()
    return folder


async def register(store: Store, vault: Vault, key: str, data: bytes) -> None:
    """An original of a request, as the hold job keeps it."""
    vault.path(key).write_bytes(data)
    vault.keep(key)
    async with store.begin() as uow:
        person = await uow.people.add("Lan", Role.TEACHER, "Cô")
        request = await uow.requests.add(
            code="YC-2026-0001",
            requester_id=person.id,
            camera_code="C01",
            start=NOW - timedelta(hours=1),
            end=NOW,
            purpose=Purpose.TEACHING,
            reason="",
            created_at=NOW,
            expires_at=NOW + timedelta(days=7),
        )
        await uow.evidence.add(
            request_id=request.id,
            key=key,
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
            container="mpeg-ps",
            first_at=NOW - timedelta(hours=1),
            last_at=NOW,
            gaps=(),
            clock_offset_seconds=0.0,
            taken_at=NOW,
            method="time",
        )
        await uow.commit()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_backup_put_back_elsewhere_is_the_same(state: Path, tmp_path: Path, kind: str) -> None:
    async with opened(state) as store:
        head = await end_of(store)
    note = await back_up(places(state), tmp_path / kind, NOW)
    assert (note.audit_number, note.audit_hash) == head
    assert note.originals == 2
    other = tmp_path / "other"
    restored, aside = await restore(tmp_path / kind, places(other), NOW, overwrite=False)
    assert restored == note
    assert aside is None
    async with opened(other) as store:
        assert await end_of(store) == head
        assert await store.schema() is Schema.CURRENT
        async with store.reading() as uow:
            assert await uow.audit.first_break() is None
        await log_something(store)
    assert set(files_of(other)) == {"YC-2026-0001.rec", "YC-2026-0002.rec"}
    assert files_of(other) == {
        name: data for name, data in files_of(state).items() if not name.endswith(".part")
    }
    with sqlite3.connect(other / "truccam-jobs.db") as jobs:
        assert jobs.execute("SELECT name FROM job").fetchall() == [("hold",)]
    jobs.close()


async def test_what_is_put_back_is_readable_by_its_owner_only(state: Path, tmp_path: Path) -> None:
    await back_up(places(state), tmp_path / "copy.tar", NOW)
    assert (tmp_path / "copy.tar").stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    await restore(tmp_path / "copy.tar", places(other), NOW, overwrite=False)
    assert (other / "truccam.db").stat().st_mode & 0o777 == 0o600
    assert (other / "originals/2026/YC-2026-0001.rec").stat().st_mode & 0o777 == 0o400
    assert sorted(path.name for path in other.iterdir()) == ["originals", "truccam-jobs.db", "truccam.db"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_copy_made_while_others_write_is_whole(state: Path, tmp_path: Path, kind: str) -> None:
    vault = Vault(state)
    async with opened(state) as store:

        async def write() -> None:
            for number in itertools.count(10):
                await log_something(store, number)
                key = f"originals/2026/YC-2026-1{number:03}.rec"
                vault.path(key).write_bytes(b"more" * 1000)
                vault.keep(key)

        writing = asyncio.create_task(write())
        before = await end_of(store)
        # In a thread with a loop of its own, as the command is a process of its own.
        note = await asyncio.to_thread(lambda: asyncio.run(back_up(places(state), tmp_path / kind, NOW)))
        after = await end_of(store)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    assert before.number <= note.audit_number <= after.number
    assert after.number > before.number, "writers went on meanwhile"
    restored, _ = await restore(tmp_path / kind, places(tmp_path / "other"), NOW, overwrite=False)
    assert restored == note


def changed(folder: Path) -> None:
    path = folder / "originals/2026/YC-2026-0002.rec"
    path.write_bytes(b"Second")


def changed_in_its_list(folder: Path) -> None:
    """Original, hash in the list and all: only the database knows better."""
    path = folder / "originals/2026/YC-2026-0001.rec"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(b"other")
    new = hashlib.sha256(b"other").hexdigest()
    (folder / LIST).write_text((folder / LIST).read_text().replace(old, new))


def missing(folder: Path) -> None:
    (folder / "originals/2026/YC-2026-0002.rec").unlink()


def added(folder: Path) -> None:
    (folder / "originals/2026/YC-2026-0009.rec").write_bytes(b"not from us")


def linked(folder: Path) -> None:
    path = folder / "originals/2026/YC-2026-0002.rec"
    path.rename(folder.parent / "elsewhere")
    path.symlink_to(folder.parent / "elsewhere")


def without_list(folder: Path) -> None:
    (folder / LIST).unlink()


def shortened_log(folder: Path) -> None:
    """The last entry is taken away, with the triggers, the hashes of files put right."""
    path = folder / DATABASE
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    with sqlite3.connect(path) as database:
        for trigger in ("audit_no_delete", "audit_no_update"):
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("DELETE FROM audit WHERE number = 3")
        database.execute("UPDATE audit_head SET number = 2, hash = (SELECT hash FROM audit WHERE number = 2)")
    database.close()
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / LIST).write_text((folder / LIST).read_text().replace(old, new))


def changed_log(folder: Path) -> None:
    path = folder / DATABASE
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER audit_no_update")
        database.execute("UPDATE audit SET about = 'thing 9' WHERE number = 2")
    database.close()
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / LIST).write_text((folder / LIST).read_text().replace(old, new))


TAMPERINGS = (
    changed,
    changed_in_its_list,
    missing,
    added,
    linked,
    without_list,
    shortened_log,
    changed_log,
)


@pytest.mark.parametrize("tamper", TAMPERINGS)
async def test_a_backup_that_was_changed_is_refused_and_nothing_is_touched(
    state: Path, tmp_path: Path, tamper: Callable[[Path], None]
) -> None:
    await back_up(places(state), tmp_path / "copy", NOW)
    shutil.copytree(tmp_path / "copy", tmp_path / "changed")
    tamper(tmp_path / "changed")
    other = tmp_path / "other"
    with pytest.raises(BackupDamaged):
        await restore(tmp_path / "changed", places(other), NOW, overwrite=False)
    assert list(other.iterdir()) == []
    with pytest.raises(BackupDamaged):
        await restore(tmp_path / "changed", places(state), NOW, overwrite=True)
    assert "YC-2026-0002.rec" in files_of(state)
    await restore(tmp_path / "copy", places(other), NOW, overwrite=False)


async def test_an_archive_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    for name in ("../outside", "/outside", "a/../../outside"):
        archive_of(tmp_path / "bad.tar", name)
        with pytest.raises(BackupDamaged):
            await restore(tmp_path / "bad.tar", places(tmp_path / "other"), NOW, overwrite=False)
    assert not (tmp_path / "outside").exists()


def archive_of(archive: Path, name: str) -> None:
    """An archive with one member of any name."""
    with tarfile.open(archive, "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 0
        tar.addfile(entry)


async def test_half_an_archive_is_refused(state: Path, tmp_path: Path) -> None:
    await back_up(places(state), tmp_path / "copy.tar", NOW)
    whole = (tmp_path / "copy.tar").read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupDamaged):
        await restore(tmp_path / "half.tar", places(tmp_path / "other"), NOW, overwrite=False)


async def test_present_state_is_kept_and_only_put_aside_when_told(state: Path, tmp_path: Path) -> None:
    await back_up(places(state), tmp_path / "copy", NOW)
    async with opened(state) as store:
        head = await end_of(store)
        await log_something(store)
    with pytest.raises(StateNotEmpty):
        await restore(tmp_path / "copy", places(state), NOW, overwrite=False)
    async with opened(state) as store:
        assert (await end_of(store)).number == head.number + 1
    _, aside = await restore(tmp_path / "copy", places(state), NOW, overwrite=True)
    async with opened(state) as store:
        assert await end_of(store) == head
    assert aside == state / "before-restore-20261123-020000"
    async with opened(aside) as store:
        assert (await end_of(store)).number == head.number + 1
    assert "YC-2026-0001.rec" in files_of(aside)


async def test_a_database_that_is_in_use_is_not_replaced(state: Path, tmp_path: Path) -> None:
    await back_up(places(state), tmp_path / "copy", NOW)
    async with opened(state) as store:
        await log_something(store)
        with pytest.raises(StillRunning):
            await restore(tmp_path / "copy", places(state), NOW, overwrite=True)
        await log_something(store)
    await restore(tmp_path / "copy", places(state), NOW, overwrite=True)


async def test_a_damaged_database_can_be_replaced(state: Path, tmp_path: Path) -> None:
    await back_up(places(state), tmp_path / "copy", NOW)
    (state / "truccam.db").write_bytes(b"not a database" * 1000)
    await restore(tmp_path / "copy", places(state), NOW, overwrite=True)
    async with opened(state) as store:
        assert (await end_of(store)).number == 3


@pytest.mark.parametrize("kind", KINDS)
async def test_a_backup_never_writes_over_anything(state: Path, tmp_path: Path, kind: str) -> None:
    await back_up(places(state), tmp_path / kind, NOW)
    with pytest.raises(TargetTaken):
        await back_up(places(state), tmp_path / kind, NOW)
    assert not (tmp_path / f"{kind}.part").exists()


async def test_an_empty_folder_may_be_written_to(state: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    await back_up(places(state), tmp_path / "stick", NOW)
    assert (tmp_path / "stick" / LIST).exists()


async def test_without_a_database_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(NothingThere):
        await back_up(places(tmp_path / "none"), tmp_path / "copy", NOW)
    (tmp_path / "truccam.db").touch()
    with pytest.raises(NothingThere):
        await back_up(places(tmp_path), tmp_path / "copy", NOW)
    assert not (tmp_path / "copy").exists()


async def test_with_postgresql_only_the_vault_is_copied(state: Path, tmp_path: Path) -> None:
    without_database = Places(None, None, state)
    note = await back_up(without_database, tmp_path / "copy", NOW)
    assert not note.database
    assert not (tmp_path / "copy" / DATABASE).exists()
    assert not (tmp_path / "copy" / JOBS).exists()
    other = tmp_path / "other"
    with pytest.raises(OtherKind):
        await restore(tmp_path / "copy", places(other), NOW, overwrite=False)
    await restore(tmp_path / "copy", Places(None, None, other), NOW, overwrite=False)
    assert set(files_of(other)) == {"YC-2026-0001.rec", "YC-2026-0002.rec"}


async def test_anybody_can_check_a_backup_with_sha256sum(state: Path, tmp_path: Path) -> None:
    await back_up(places(state), tmp_path / "copy", NOW)
    listed = {line.split("  ")[1] for line in (tmp_path / "copy" / LIST).read_text().splitlines()}
    assert {DATABASE, JOBS, NOTE} < listed
    checking = await asyncio.create_subprocess_exec(
        "sha256sum", "--check", "--quiet", "--strict", LIST, cwd=tmp_path / "copy"
    )
    assert await checking.wait() == 0
