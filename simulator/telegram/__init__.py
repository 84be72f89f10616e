"""A simulated Telegram: a Bot API server with real limits and error texts, and people with phones."""

from simulator.telegram.flood import FloodLimits
from simulator.telegram.model import Button, Command, Message, Sent, Tap, Toast
from simulator.telegram.phone import NoSuchButtonError, Phone
from simulator.telegram.server import SimulatedTelegram

__all__ = [
    "Button",
    "Command",
    "FloodLimits",
    "Message",
    "NoSuchButtonError",
    "Phone",
    "Sent",
    "SimulatedTelegram",
    "Tap",
    "Toast",
]
