"""Files of incidents are held to what the database knows when a backup is put back."""

import hashlib
from pathlib import Path

import pytest

from domain.incidents import IncidentKind, Severity
from domain.people import Role
from storage.archive import LIST, BackupDamaged
from storage.backup import back_up
from storage.restore import restore
from storage.vault import Vault
from tests.storage.test_backup import NOW, opened, places


async def test_a_file_of_an_incident_is_held_to_what_the_database_knows(tmp_path: Path) -> None:
    key, data = "originals/2026/SC-2026-0001-C03.jpg", b"a picture"
    state = tmp_path / "state"
    vault = Vault(state)
    vault.path(key).write_bytes(data)
    vault.keep(key)
    async with opened(state) as store:
        await store.migrate()
    async with opened(state) as store, store.begin() as uow:
        reporter = await uow.people.add("Sơn", Role.GUARD, "Anh")
        found = await uow.incidents.add(
            code="SC-2026-0001",
            reporter_id=reporter.id,
            kind=IncidentKind.FIGHT,
            severity=Severity.SERIOUS,
            camera_code="C03",
            place="",
            text="",
            happened_at=NOW,
            created_at=NOW,
        )
        await uow.incidents.add_file(
            found.id,
            NOW,
            person_id=None,
            camera_code="C03",
            kind="photo",
            key=key,
            name="C03.jpg",
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
        )
        await uow.commit()
    await back_up(places(state), tmp_path / "copy", NOW)
    await restore(tmp_path / "copy", places(tmp_path / "whole"), NOW, overwrite=False)
    assert Vault(tmp_path / "whole").path(key).read_bytes() == data
    (tmp_path / "copy" / key).write_bytes(b"another one")
    old, new = (hashlib.sha256(one).hexdigest() for one in (data, b"another one"))
    (tmp_path / "copy" / LIST).write_text((tmp_path / "copy" / LIST).read_text().replace(old, new))
    with pytest.raises(BackupDamaged):
        await restore(tmp_path / "copy", places(tmp_path / "other"), NOW, overwrite=False)
