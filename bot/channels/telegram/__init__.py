"""Telegram: the Bot API through python-telegram-bot. Source: core.telegram.org/bots/api."""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.webhook import TelegramWebhook

__all__ = ["TelegramChannel", "TelegramWebhook"]
