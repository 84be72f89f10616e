"""Sorts what python-telegram-bot raises by what the deliverer can do about it.

Sources: core.telegram.org/bots/api#making-requests; descriptions as in tdlib/telegram-bot-api `Client.cpp`.
"""

import os
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.base import DeliveryError, EditImpossible, NotSent, Rejected, Uncertain

# python-telegram-bot warns at each flood wait that whole seconds are going out of use; this is its way to
# choose the new type early.
os.environ.setdefault("PTB_TIMEDELTA", "1")

_BEFORE_THE_REQUEST = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_CANNOT_BE_EDITED = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "message_id_invalid",
)


def is_not_modified(error: BadRequest) -> bool:
    """An edit found exactly the wanted content already there."""
    return "message is not modified" in error.message.lower()


def is_webhook_conflict(error: TelegramError) -> bool:
    """Polling is refused because a webhook is set."""
    return isinstance(error, Conflict) and "webhook" in error.message.lower()


def sorted_error(error: TelegramError) -> DeliveryError:
    """The failure of a call that sends something new.

    A 5xx counts as uncertain: a gateway answers it also after the message went through.
    """
    if isinstance(error, RetryAfter):
        return NotSent("flood control", wait_of(error))
    if isinstance(error, (Forbidden, BadRequest, ChatMigrated)):
        return Rejected(error.message)
    if isinstance(error, InvalidToken):
        # The words of this exception hold the token.
        return NotSent("the token is not accepted")
    cause = error.__cause__
    if isinstance(cause, _BEFORE_THE_REQUEST):
        return NotSent(f"no connection ({type(cause).__name__})")
    if isinstance(error, NetworkError) and "too large" in error.message.lower():
        return Rejected(error.message)
    return Uncertain(f"no answer ({type(cause).__name__ if cause else type(error).__name__})")


def sorted_edit_error(error: TelegramError) -> DeliveryError:
    """The failure of an edit: repeating one does no harm, so that a lost answer is `NotSent`."""
    if isinstance(error, BadRequest) and any(words in error.message.lower() for words in _CANNOT_BE_EDITED):
        return EditImpossible(error.message)
    found = sorted_error(error)
    return NotSent(str(found)) if isinstance(found, Uncertain) else found


def wait_of(error: RetryAfter) -> timedelta:
    """How long flood control asks to wait."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
