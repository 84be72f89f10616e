"""What the use cases ask for is what the storage has; mypy checks it, running it only proves the import."""

from pathlib import Path

from handlers import ports
from storage.store import Store, UnitOfWork
from storage.vault import Vault


def _as_ports(
    store: Store, unit: UnitOfWork, vault: Vault
) -> tuple[ports.Store, ports.UnitOfWork, ports.Vault]:
    return store, unit, vault


async def test_the_storage_fits_the_ports(store: Store, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    async with store.begin() as unit:
        assert _as_ports(store, unit, vault) == (store, unit, vault)
