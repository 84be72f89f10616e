"""One service a state folder: a second would clear files and look for messages that the first has in hand."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = "running.lock"


class AlreadyRunningError(Exception):
    """Another service works with this state folder."""


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Hold the folder's lock. The system takes it back when the process ends, however it ends.

    Raises:
        AlreadyRunningError: somebody else holds it.
    """
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(state / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError from error
        yield
    finally:
        os.close(lock)
