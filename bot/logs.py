"""Logs: one JSON line an event, on standard error; chatty libraries are turned down."""

import logging
import sys

import structlog

_QUIET = ("httpx", "httpcore", "telegram", "aiohttp.access", "alembic", "sqlalchemy.engine")
_JOB_ENGINE = "dbos"  # it brings a handler of its own unless it finds one


def set_up(level: str) -> None:
    """Send our events and the libraries' warnings to standard error; httpx would log a token at INFO."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    to_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            stamp,
            to_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.EventRenamer("text"),
                _from_a_library,
                structlog.processors.format_exc_info,
                stamp,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, to_json],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    engine = logging.getLogger(_JOB_ENGINE)
    engine.handlers[:] = [handler]
    engine.propagate = False
    for name in (*_QUIET, _JOB_ENGINE):
        logging.getLogger(name).setLevel(logging.WARNING)


def _from_a_library(
    _logger: logging.Logger, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {"event": "library", **event}
