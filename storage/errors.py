"""What can go wrong with the database, sorted by what the caller can do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class DatabaseUnavailable(Exception):
    """The database cannot do it now: unreachable, locked for long, or its disk is full. Try again later.

    Nothing of the transaction was kept, except where a commit's answer was lost on the way: an update that is
    settled by the transaction tells which (`AlreadySettledError` at the second try).
    """


class DatabaseDamaged(DatabaseUnavailable):
    """The file is no SQLite database, or a broken one: a copy has to be restored."""


_DAMAGE = frozenset({"SQLITE_NOTADB", "SQLITE_CORRUPT"})
# SQLite's driver calls these operational, too: a wrong statement, and a write in a reading transaction.
_MISTAKES = frozenset({"SQLITE_ERROR", "SQLITE_READONLY"})


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours. Those that only a mistake in the code can cause stay."""
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseUnavailable("the database is too busy") from error
    except (OperationalError, InterfaceError) as error:
        if getattr(error.orig, "sqlite_errorname", "") in _MISTAKES:
            raise
        kind = type(error.__cause__ or error).__name__
        raise DatabaseUnavailable(f"the database cannot do it now ({kind})") from error
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorname", "") in _DAMAGE:
            raise DatabaseDamaged("the file is no whole SQLite database") from error
        raise
