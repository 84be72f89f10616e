"""What the Bot API refuses with.

Descriptions are the words of the real server (tdlib/telegram-bot-api, `Client.cpp` and TDLib), because
clients sort errors by them.
"""


class ApiError(Exception):
    """A refusal that is sent to the bot as `{"ok": false, "error_code", "description"}`.

    Args:
        status: HTTP status and `error_code`.
        description: The words of the real server, prefix included ("Bad Request: …").
        retry_after_seconds: Whole seconds of `parameters.retry_after`, for flood control only.
    """

    def __init__(self, status: int, description: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after_seconds = retry_after_seconds


def bad_request(words: str) -> ApiError:
    """A 400 with the real server's prefix."""
    return ApiError(400, f"Bad Request: {words}")


def blocked() -> ApiError:
    """The person blocked the bot."""
    return ApiError(403, "Forbidden: bot was blocked by the user")


def conflict_poller() -> ApiError:
    """A newer getUpdates took over."""
    return ApiError(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )


def conflict_webhook() -> ApiError:
    """Polling while a webhook is set."""
    return ApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )


def not_modified() -> ApiError:
    """An edit that changes nothing."""
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )


def query_too_old() -> ApiError:
    """A tap that is unknown, answered already, or too old."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")


def too_many_requests(retry_after_seconds: int) -> ApiError:
    """Flood control: wait so many whole seconds."""
    return ApiError(
        429,
        f"Too Many Requests: retry after {retry_after_seconds}",
        retry_after_seconds=retry_after_seconds,
    )
