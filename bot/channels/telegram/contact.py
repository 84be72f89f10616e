"""Whether Telegram can be reached, told to the log once a change."""

import structlog
from telegram.error import Conflict, TelegramError

from bot.channels.base import ChannelRefused
from bot.channels.telegram.errors import sorted_error

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 5.0
log = structlog.get_logger(__name__)


class Contact:
    """Lost or there; `lost` is what the last call told."""

    def __init__(self) -> None:
        self.lost = False

    def note_lost(self, error: TelegramError) -> None:
        """A call failed."""
        if self.lost:
            return
        self.lost = True
        if isinstance(error, Conflict):
            log.warning("telegram.lost", why="another program receives the updates of this bot")
        else:
            log.warning("telegram.lost", why=str(sorted_error(error)))

    def note_back(self) -> None:
        """A call came through."""
        if self.lost:
            log.warning("telegram.back")
        self.lost = False


def refused() -> ChannelRefused:
    """What a refused token raises, made apart from the library's exception, whose words hold the token."""
    return ChannelRefused("Telegram does not accept the bot's token")
