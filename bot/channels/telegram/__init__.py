"""Telegram: the Bot API through python-telegram-bot. Source: core.telegram.org/bots/api."""

from bot.channels.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel"]
