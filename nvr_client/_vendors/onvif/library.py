"""onvif-zeep-async, loaded when the first ONVIF device is asked: a third of a second, in a thread.

Only its reading and writing of SOAP is used. The connection is ours (login, certificate, time-outs), nothing
is cached on disk, and the device's own WSDL is never fetched.
"""

import asyncio
import importlib
import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

_LISTED = frozenset({"media", "events", "search", "replay"})
_MEDIA2 = {"http://www.onvif.org/ver20/media/wsdl": "media2"}
_LOADING = threading.Lock()


class Token(Protocol):
    """Puts a login into an envelope, as zeep wants it."""

    def apply(self, envelope: Any, headers: Any) -> tuple[Any, Any]:
        """The envelope and headers with it."""
        ...

    def verify(self, envelope: Any) -> None:
        """Look at an answer."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer in the shape that zeep reads."""

    status_code: int
    headers: dict[str, str]
    content: bytes
    encoding: str = "utf-8"


class Service:
    """One service of one device: turns calls into envelopes and answers into objects."""

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    async def envelope(self, operation: str, parameters: dict[str, Any], *, login: bool) -> bytes:
        """The request as bytes. Raises zeep's errors for wrong parameters, which are mistakes of ours."""
        proxy = self._stub.ws_client if login else self._stub.ws_client_authless
        written: bytes = await proxy[operation](**parameters)
        return written

    def read(self, operation: str, reply: Reply) -> Any:
        """What an answer holds; raises zeep's errors. Takes a while for long answers: call it in a thread."""
        client = self._stub.zeep_client_authless
        binding = client.wsdl.bindings[self._stub.binding_name]
        return binding.process_reply(client, binding.get(operation), reply)


class _Envelopes:
    """In place of a connection: what zeep wants to send is handed to us instead."""

    async def post_xml(self, _address: str, envelope: Any, _headers: Any) -> bytes:
        written: bytes = importlib.import_module("zeep.wsdl.utils").etree_to_string(envelope)
        return written

    async def aclose(self) -> None:
        """Nothing is open."""


async def load(name: str, address: str, token: Token) -> Service:
    """The service `name` (devicemgmt, media, ...) at an address, which logs in with `token`."""
    library = await asyncio.to_thread(_imported)
    definition = library.definition.SERVICES[name]
    wsdl = Path(library.__file__).parent / "wsdl" / definition["wsdl"]
    binding = f"{{{definition['ns']}}}{definition['binding']}"
    # No user and no password, because the token logs in; the address is only written into some headers.
    stub = library.ONVIFService(address, None, None, str(wsdl), no_cache=True, binding_name=binding)
    await stub.close()  # the connection that it has opened for itself
    stub.transport = _Envelopes()
    await stub.setup()
    settings = importlib.import_module("zeep").Settings(strict=False, raw_response=True)
    for client in (stub.zeep_client, stub.zeep_client_authless):
        client.settings = settings
    stub.zeep_client.wsse = token
    return Service(stub)


def namespaces() -> dict[str, str]:
    """Service name by namespace. Only after the first `load`."""
    services = importlib.import_module("onvif.definition").SERVICES
    return {entry["ns"]: name for name, entry in services.items() if name in _LISTED} | _MEDIA2


def username_token(username: str, password: str, created: datetime) -> Any:
    """A WS-UsernameToken with a digest of the password; `created` is the device's UTC."""
    module = importlib.import_module("zeep.wsse.username")
    return module.UsernameToken(
        username, password, use_digest=True, zulu_timestamp=True, created=created.replace(tzinfo=None)
    )


def signed(envelope: bytes, token: Token) -> bytes:
    """An envelope with a login put into it."""
    etree = importlib.import_module("lxml.etree")
    applied, _ = token.apply(etree.fromstring(envelope), {})
    written: bytes = etree.tostring(applied, xml_declaration=True, encoding="utf-8")
    return written


def topic_filter(topic: str) -> dict[str, Any]:
    """The filter of an event search for one topic."""
    etree = importlib.import_module("lxml.etree")
    expression = etree.Element(
        "{http://docs.oasis-open.org/wsn/b-2}TopicExpression",
        nsmap={"wsnt": "http://docs.oasis-open.org/wsn/b-2", "tns1": "http://www.onvif.org/ver10/topics"},
        Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet",
    )
    expression.text = topic
    return {"_value_1": [expression]}


def reading_errors() -> tuple[type[Exception], ...]:
    """What zeep raises for answers that are not what the WSDL says; it is not careful with odd ones."""
    zeep, etree = importlib.import_module("zeep.exceptions"), importlib.import_module("lxml.etree")
    return (zeep.Error, etree.Error, ValueError, TypeError, LookupError, AttributeError)


def _imported() -> Any:
    """The library; its import sets up logging for the whole program, which is taken back."""
    with _LOADING:
        root = logging.getLogger()
        untouched, level = not root.handlers, root.level
        library = importlib.import_module("onvif")
        importlib.import_module("onvif.definition")
        if untouched and root.handlers:
            for handler in list(root.handlers):
                root.removeHandler(handler)
            root.setLevel(level)
        return library
