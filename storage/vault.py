"""Files: originals that are kept (`originals/YYYY/`), and a spool of what is about to be sent (`spool/`).

A key is a path below the vault's folder, with `/` between its parts. Keys come out of the database, so they
are checked like anything else that came from outside: none leads out of the folder.
"""

import asyncio
import os
import re
import secrets
import shutil
from collections.abc import Collection
from pathlib import Path

_KEY = re.compile(r"(?:[0-9A-Za-z_-][0-9A-Za-z._-]*/)*[0-9A-Za-z_-][0-9A-Za-z._-]*")
_SUFFIX = re.compile(r"(?:\.[0-9A-Za-z]{1,8}){0,2}")
_LONGEST_KEY = 200
_TEMPORARY = ".part"


class Vault:
    """`handlers.ports.Vault` over a folder. Folders are 0700, files 0600, kept originals 0400."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        _make_folder(self._folder)

    def path(self, key: str) -> Path:
        """Where a key's file is or will be; its folder exists. `ValueError` for one that leads elsewhere."""
        if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
            raise ValueError("not a key of the vault")
        path = self._folder / key
        parts = key.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            _make_folder(self._folder.joinpath(*parts[:depth]))
        return path

    async def spool(self, data: bytes, suffix: str) -> str:
        """Put bytes into the spool; the key. The file is there whole or not at all."""
        key, path = self.spool_path(suffix)
        await asyncio.to_thread(_write, path, data)
        return key

    def spool_path(self, suffix: str) -> tuple[str, Path]:
        """A fresh key and path in the spool, for a tool that writes the file itself. `suffix`: ".jpg", ""."""
        if not _SUFFIX.fullmatch(suffix):
            raise ValueError("not a file suffix")
        key = f"spool/{secrets.token_hex(12)}{suffix}"
        return key, self.path(key)

    def remove(self, key: str) -> None:
        """Delete a file; nothing happens where there is none."""
        self.path(key).unlink(missing_ok=True)

    def keep(self, key: str) -> None:
        """Make an original read-only and durable (fsync of file and folder).

        Raises:
            FileNotFoundError: there is no such file.
        """
        path = self.path(key)
        path.chmod(0o400)
        _sync(path)
        for folder in path.parents:
            _sync(folder)
            if folder == self._folder:
                break

    def free_bytes(self) -> int:
        """How many bytes the vault's disk still takes."""
        return shutil.disk_usage(self._folder).free

    def clear_leftovers(self, wanted: Collection[str]) -> int:
        """Delete what a crash left: half files, and spooled ones that nothing waits for. How many went.

        To be called before anything writes here. Whole originals are never touched.

        Args:
            wanted: keys of spooled files that are still to be sent.
        """
        kept = {self.path(key) for key in wanted}
        left = [path for path in _make_folder(self._folder / "spool").iterdir() if path not in kept]
        left += [path for path in _make_folder(self._folder / "originals").rglob("*") if _is_half(path.name)]
        for path in left:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return len(left)


def _is_half(name: str) -> bool:
    """Programs that write a file work in `<name>.part` or in a folder whose name begins with a dot."""
    return name.endswith(_TEMPORARY) or name.startswith(".")


def _make_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(path.name + _TEMPORARY)
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
