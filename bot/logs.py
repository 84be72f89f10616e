"""Logs: one JSON line an event, on standard error; chatty libraries are turned down."""

import logging
import sys

import structlog

_LOUD = ("httpx", "httpcore", "telegram", "dbos", "aiohttp.access", "alembic", "sqlalchemy.engine")


def set_up(level: str) -> None:
    """Send our events and the libraries' warnings to standard error; httpx would log a token at INFO."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.WARNING,
        stream=sys.stderr,
        format='{"event": "library", "logger": "%(name)s", "level": "%(levelname)s", "text": "%(message)s"}',
    )
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
