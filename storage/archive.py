"""A backup as a thing of files: a folder, or one `.tar`. Each file's SHA-256 stands in `SHA256SUMS`.

The list is in the form of `sha256sum`, so that anybody can check a backup without this program.
"""

import hashlib
import io
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

LIST = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")
# As the keys of the vault: no part is "..", none is absolute.
_NAME = re.compile(r"(?:[0-9A-Za-z_-][0-9A-Za-z._-]*/)*[0-9A-Za-z_-][0-9A-Za-z._-]*")
_CHUNK_BYTES = 1 << 20
_LARGEST_LIST_BYTES = 64 << 20


class BackupDamaged(Exception):
    """A backup is not what was written. `name` is the file in it that tells."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the backup was changed or is not whole: {name}")
        self.name = name


class TargetTaken(Exception):
    """There is something already where the backup is to be written."""


class Archive(Protocol):
    """A backup that is being written."""

    def add(self, name: str, source: Path) -> None:
        """Put a file into it. Raises `FileNotFoundError` where it is gone."""
        ...

    def add_bytes(self, name: str, data: bytes) -> None:
        """Put a small file into it."""
        ...


@contextmanager
def writing(target: Path) -> Iterator[Archive]:
    """A new backup at `target`: whole when this is left, and not there at all when it is left by an error.

    Raises:
        TargetTaken: `target` is there already, and is no empty folder.
        OSError: the disk is full, or cannot be written.
    """
    is_empty = target.is_dir() and not any(target.iterdir())
    if target.exists() and not is_empty:
        raise TargetTaken
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    _remove(part)
    try:
        if target.suffix == ".tar":
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                with tarfile.open(fileobj=file, mode="w") as tar:
                    made = _Tar(tar)
                    yield made
                    made.finish()
                file.flush()
                os.fsync(file.fileno())
        else:
            part.mkdir(mode=0o700)
            folder = _Folder(part)
            yield folder
            folder.finish()
        if is_empty:
            target.rmdir()
        part.rename(target)
    except BaseException:
        _remove(part)
        raise


class _Sums:
    def __init__(self) -> None:
        self._lines: list[str] = []

    def note(self, name: str, digest: str) -> None:
        self._lines.append(f"{digest}  {name}\n")

    def text(self) -> bytes:
        return "".join(self._lines).encode()


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sums = _Sums()

    def add(self, name: str, source: Path) -> None:
        with source.open("rb") as file:
            self._sums.note(name, copied(file, self._place(name)))

    def add_bytes(self, name: str, data: bytes) -> None:
        self._sums.note(name, copied(io.BytesIO(data), self._place(name)))

    def finish(self) -> None:
        copied(io.BytesIO(self._sums.text()), self._folder / LIST)

    def _place(self, name: str) -> Path:
        place = self._folder / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return place


class _Tar:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._sums = _Sums()

    def add(self, name: str, source: Path) -> None:
        with source.open("rb") as file:
            self._put(name, file, os.fstat(file.fileno()).st_size)

    def add_bytes(self, name: str, data: bytes) -> None:
        self._put(name, io.BytesIO(data), len(data))

    def finish(self) -> None:
        self.add_bytes(LIST, self._sums.text())

    def _put(self, name: str, file: BinaryIO, size_bytes: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size_bytes, 0o600
        hashing = _Hashing(file)
        self._tar.addfile(entry, hashing)
        self._sums.note(name, hashing.digest.hexdigest())


class _Hashing(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.digest = hashlib.sha256()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def unpacked(source: Path, folder: Path) -> list[str]:
    """Copy a backup into `folder` and hold each byte to the list. The names of its files.

    Raises:
        BackupDamaged: a file is missing, changed, not in the list, or no file at all.
        OSError: it cannot be read, or the disk is full.
    """
    found: dict[str, str] = {}
    listed: dict[str, str] | None = None
    try:
        for name, file in _files(source):
            if name == LIST:
                listed = _read_list(file)
            elif not _NAME.fullmatch(name) or name in found:
                raise BackupDamaged(name)
            else:
                place = folder / name
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                found[name] = copied(file, place)
    except tarfile.TarError as error:
        raise BackupDamaged(source.name) from error
    if listed is None:
        raise BackupDamaged(LIST)
    for name in sorted(listed.keys() | found.keys()):
        if listed.get(name) != found.get(name):
            raise BackupDamaged(name)
    return sorted(found)


def copied(source: BinaryIO, target: Path) -> str:
    """Copy to a new file, readable by its owner only, that is on the disk when this returns. Its SHA-256."""
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while data := source.read(_CHUNK_BYTES):
            digest.update(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _files(source: Path) -> Iterator[tuple[str, BinaryIO]]:
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            name = path.relative_to(source).as_posix()
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise BackupDamaged(name)
            if path.is_file():
                with path.open("rb") as file:
                    yield name, file
        return
    with tarfile.open(source, "r:") as tar:
        for entry in tar:
            file_in_tar = tar.extractfile(entry) if entry.isreg() else None
            if file_in_tar is None:
                raise BackupDamaged(entry.name)
            yield entry.name, file_in_tar  # type: ignore[misc] # typeshed calls it IO[bytes]


def _read_list(file: BinaryIO) -> dict[str, str]:
    try:
        lines = file.read(_LARGEST_LIST_BYTES).decode().splitlines()
    except UnicodeDecodeError as error:
        raise BackupDamaged(LIST) from error
    listed = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise BackupDamaged(LIST)
        listed[match[2]] = match[1]
    return listed


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
