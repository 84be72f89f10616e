"""Finds a message whose answer was lost.

The Bot API cannot list messages, but two of its habits answer the question. Message numbers count up per bot
over all private chats, so that a message sent after a known one has one of the next numbers. And an edit to
exactly the same content is refused as "message is not modified" where the message is there, while "message to
edit not found" or "message can't be edited" says that the number belongs to another chat, to the person's own
message, or to nobody. Chats are served one message at a time, so that no other message of ours in this chat
can have one of these numbers; numbers known to be used are skipped.

An `ok` is believed only if the message that comes back is this chat's, with this number, these words and,
where a file was sent, a file, and if the server does not say the same of a number that nobody can have.
"""

from collections import deque
from enum import Enum, auto

from telegram import Message
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.base import Rendered
from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.errors import is_not_modified, sorted_edit_error
from bot.channels.telegram.messages import replace
from domain.chat import Account

_LOOK_AHEAD = 40
_NOBODYS_NUMBER = 2**31 - 1
_REMEMBERED_NUMBERS = 2_000


class _Answer(Enum):
    """What an edit to the same content tells about a message: it is there, it could be, it is not."""

    THERE = auto()
    TAKEN = auto()
    NOT_THERE = auto()


class MessageNumbers:
    """The message numbers seen so far: the highest, and the last ones that are used."""

    def __init__(self) -> None:
        self.highest = 0
        self._used: deque[int] = deque(maxlen=_REMEMBERED_NUMBERS)

    def note(self, number: int) -> None:
        """This number is somebody's message."""
        self._used.append(number)
        self.highest = max(self.highest, number)

    def candidates(self, after: int) -> list[int]:
        """The numbers that a message sent after number `after` may have."""
        used = set(self._used)
        return [number for number in range(after + 1, after + 1 + _LOOK_AHEAD) if number not in used]


async def find_sent(
    bot: TelegramBot, numbers: MessageNumbers, account: Account, message: Rendered, after: int
) -> int | None:
    """The number of a message that was sent after number `after`, or None where it did not arrive.

    Raises:
        NotSent: Telegram cannot be asked now.
    """
    for number in numbers.candidates(after):
        answer = await _asked_for(bot, account, number, message)
        if answer is _Answer.TAKEN:
            no_one = await _asked_for(bot, account, _NOBODYS_NUMBER, message)
            answer = _Answer.THERE if no_one is _Answer.NOT_THERE else _Answer.NOT_THERE
        if answer is _Answer.THERE:
            return number
    return None


async def _asked_for(bot: TelegramBot, account: Account, number: int, message: Rendered) -> _Answer:
    try:
        found = await replace(bot, account, number, message, had_media=message.media is not None)
    except BadRequest as error:
        return _Answer.THERE if is_not_modified(error) else _Answer.NOT_THERE
    except InvalidToken:
        # Also what a server answers that knows no edits; a token that is refused shows at the next send.
        return _Answer.NOT_THERE
    except TelegramError as error:
        raise sorted_edit_error(error) from None
    same = isinstance(found, Message) and _is_same(found, account, number, message)
    return _Answer.TAKEN if same else _Answer.NOT_THERE


def _is_same(found: Message, account: Account, number: int, message: Rendered) -> bool:
    if str(found.chat.id) != account.id or found.message_id != number:
        return False
    if message.media is None:
        return (found.text or "").strip() == message.text.strip()
    carries = found.photo or found.video or found.document or found.animation
    return bool(carries) and (found.caption or "").strip() == message.text.strip()
