"""What a method is."""

from collections.abc import Awaitable, Callable

from simulator.telegram.call import Call
from simulator.telegram.world import World

Method = Callable[[World, Call], Awaitable[object]]
