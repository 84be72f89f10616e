"""The phones page: a pretend school's people, chatting side by side in a browser."""

from simulator.phones.app import phones_app
from simulator.phones.board import CameraTile, SchoolBoard
from simulator.phones.people import PEOPLE, Owner, phone_owners

__all__ = ["PEOPLE", "CameraTile", "Owner", "SchoolBoard", "phone_owners", "phones_app"]
