"""The Bot API's methods, one module a feature; each module offers a plain table."""

from simulator.telegram.methods.editing import EDITING
from simulator.telegram.methods.forwarding import FORWARDING
from simulator.telegram.methods.profile import PROFILE
from simulator.telegram.methods.queries import QUERIES
from simulator.telegram.methods.receiving import RECEIVING
from simulator.telegram.methods.sending import SENDING
from simulator.telegram.methods.table import Method

METHODS: dict[str, Method] = {
    name.lower(): method
    for table in (RECEIVING, SENDING, EDITING, FORWARDING, QUERIES, PROFILE)
    for name, method in table.items()
}
