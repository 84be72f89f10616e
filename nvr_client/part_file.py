"""A file that exists under its name only when it is whole.

Bytes go to `<target>.part`, hashed and measured on the way, in a thread, while the next ones are read from
the network. Only a few batches are ever in memory.
"""

import asyncio
import hashlib
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from nvr_client.errors import NoSpace
from nvr_client.footage import PlayedTime

BATCH_BYTES = 1024 * 1024
BATCHES_AHEAD = 4


def no_space(error: OSError) -> NoSpace:
    """Our error for a disk that takes no more; the path stays out of it."""
    return NoSpace(f"our own disk takes no more ({os.strerror(error.errno or 0)})")


class PartFile:
    """`async with PartFile(target) as part`: write, then `commit`; without it nothing is left behind."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(target.name + ".part")
        self.size_bytes = 0
        self.played = PlayedTime()
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._batch: list[bytes | memoryview] = []
        self._batch_bytes = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="part-file")
        self._handed_over: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> Self:
        try:
            self._file = await asyncio.to_thread(self._open)
        except OSError as error:
            raise no_space(error) from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for writing in self._handed_over:
            if not writing.cancel() and not writing.cancelled():
                writing.exception()  # the first one was raised already
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._file is not None:
            with suppress(OSError):  # bytes that a full disk did not take: the file is thrown away anyway
                self._file.close()
        self.path.unlink(missing_ok=True)

    async def restart(self) -> None:
        """Forget what was written: another way of fetching begins."""
        self._batch, self._batch_bytes = [], 0
        await self._drain()
        if self._file is None:
            raise ValueError("the file is not open")
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self.played = PlayedTime()
        self.size_bytes = 0

    async def write(self, chunk: bytes | memoryview) -> None:
        """Add bytes; returns at once unless the disk is behind.

        Raises:
            NoSpace: the disk takes no more.
        """
        self._batch.append(chunk)
        self._batch_bytes += len(chunk)
        self.size_bytes += len(chunk)
        if self._batch_bytes >= BATCH_BYTES:
            await self._hand_over()

    async def flush(self) -> str:
        """Everything written is in the file; gives the SHA-256 of it as hex."""
        await self._hand_over()
        await self._drain()
        if self._file is not None:
            try:
                self._file.flush()
            except OSError as error:
                raise no_space(error) from error
        return self._hash.hexdigest()

    async def commit(self) -> None:
        """Make the file durable and give it its name."""
        await self._drain()
        try:
            await asyncio.to_thread(self._commit)
        except OSError as error:
            raise no_space(error) from error

    async def hash_again(self) -> str:
        """The SHA-256 and size of a file that another program wrote at `path`."""
        if self._file is not None:
            self._file.close()
        try:
            self._file = await asyncio.to_thread(self.path.open, "r+b")
            self._hash = await asyncio.to_thread(hashlib.file_digest, self._file, "sha256")
        except OSError as error:
            raise no_space(error) from error
        self.size_bytes = self._file.tell()
        return self._hash.hexdigest()

    async def _hand_over(self) -> None:
        batch, self._batch, self._batch_bytes = self._batch, [], 0
        if batch:
            loop = asyncio.get_running_loop()
            self._handed_over.append(loop.run_in_executor(self._thread, self._write, batch))
        await self._drain(BATCHES_AHEAD)

    async def _drain(self, left: int = 0) -> None:
        """Wait until no more than `left` batches are on their way to the disk."""
        while len(self._handed_over) > left:
            try:
                await self._handed_over[0]
            except OSError as error:
                raise no_space(error) from error
            self._handed_over.popleft()

    def _open(self) -> BinaryIO:
        self.target.parent.mkdir(parents=True, exist_ok=True)
        return self.path.open("wb")

    def _write(self, batch: list[bytes | memoryview]) -> None:
        if self._file is None:
            raise ValueError("the file is not open")
        for chunk in batch:
            self._hash.update(chunk)
            self.played.feed(chunk)
            self._file.write(chunk)

    def _commit(self) -> None:
        if self._file is None:
            raise ValueError("the file is not open")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.path.replace(self.target)
        folder = os.open(self.target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
