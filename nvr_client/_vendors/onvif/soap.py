"""SOAP calls to one device, with whichever login it wants.

The device's clock is asked first, without a login, because a WS-UsernameToken must be dated by it. Then
`GetDeviceInformation` is asked without a login, which no device counts as a wrong one: a 401 with a challenge
means HTTP Digest (Profile T), `ter:NotAuthorized` means a token. A device that tells that much to anybody is
asked without a login until it wants one. Addresses in answers may be of another network: only their paths are
used.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Protocol
from xml.etree import ElementTree as ET

import aiohttp

from nvr_client._vendors.onvif import bare, library
from nvr_client._vendors.onvif.faults import denied, error_of_fault, error_of_status, has_fault
from nvr_client._vendors.onvif.library import Reply, Service
from nvr_client.errors import BadAnswer, NotSupported, Unreachable
from nvr_client.login import LoginGuard
from nvr_client.settings import Now, RecorderSettings
from nvr_client.transport import (
    PROOF_READ_SECONDS,
    READ_SECONDS,
    Answer,
    NoChallenge,
    Transport,
    error_from,
    whole,
)

DEVICE_PATH = "/onvif/device_service"
_LOCKED = re.compile(rb"<lockStatus>\s*lock\s*<", re.IGNORECASE)
_ASK_CLOCK = (
    b'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
    b'<s:Body><GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
)
_OPERATION = re.compile(rb"<(?:\w+:)?Body\b[^>]*>\s*<(?:\w+:)?(\w+)")
LARGEST_SKEW_ERROR = timedelta(seconds=5)
_AUTHORITY = re.compile(r"^[a-z]+://[^/?#]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """The bare digits that the device shows as UTC and, where it tells, as local time."""

    utc: datetime
    local: datetime | None


def path_of(address: str) -> str:
    """Path and query of an address that a device gave, without the host that it names."""
    path = _AUTHORITY.sub("", address.strip())
    return path if path.startswith("/") else "/" + path


class _Written(Protocol):
    """Writes an envelope, with a token or without."""

    async def __call__(self, *, login: bool) -> bytes:
        """The envelope."""
        ...


class Soap(Transport):
    """Calls operations of one device's services."""

    body_type = "application/soap+xml; charset=utf-8"

    def __init__(self, settings: RecorderSettings, now: Now, guard: LoginGuard) -> None:
        super().__init__(settings, guard, proof_path=DEVICE_PATH, locked=_LOCKED)
        self._now = now
        self._skew = timedelta()
        self._by_token = False
        self._services: dict[str, Service] = {}
        self._paths: dict[str, str] = {}
        self._loading = asyncio.Lock()
        self._listing = asyncio.Lock()

    async def call(self, service: str, operation: str, **parameters: Any) -> Any:
        """What an operation answers, as the library's object (None where it answers nothing).

        Args:
            service: devicemgmt, media, events, search or replay.
            operation: its name in the WSDL.
            parameters: as the library wants them: nested dicts, aware datetimes, timedeltas.

        Raises:
            NotSupported: the device lacks the service or the operation.
            RecorderError: what its fault or its silence means.
        """
        await self.prove()
        path = await self._path(service)
        return await self.ask(await self._service(service, path), path, operation, parameters)

    async def call_bare(self, service: str, asked: ET.Element) -> ET.Element:
        """What a service answers that the library does not know; see `bare`. Raises as `call`."""
        await self.prove()
        path = await self._path(service)

        async def written(*, login: bool) -> bytes:
            return bare.envelope(asked, self if login else None)

        return bare.read(await self._exchanged(path, written, READ_SECONDS))

    async def offers(self, service: str) -> bool:
        """Whether the device lists a service."""
        await self.prove()
        return service in await self._known_paths()

    async def at(self, path: str, service: str, headers: Sequence[Any] = ()) -> "Endpoint":
        """An address that the device gave and that is asked again and again.

        `headers` are elements that it wants to see in each request (WS-Addressing's reference parameters).
        """
        return Endpoint(self, await library.load(service, self._base + path, self), path, tuple(headers))

    async def ask(
        self,
        stub: Service,
        path: str,
        operation: str,
        parameters: dict[str, Any],
        read_seconds: float = READ_SECONDS,
    ) -> Any:
        """What an operation of a loaded service answers; the login must be proven."""

        async def written(*, login: bool) -> bytes:
            return await stub.envelope(operation, parameters, login=login)

        return await self._read(stub, operation, await self._exchanged(path, written, read_seconds))

    async def _exchanged(self, path: str, written: "_Written", read_seconds: float) -> Answer:
        """The answer to an envelope, with a token where one is wanted."""
        if not self._by_token:
            try:
                answer = await self.post(path, await written(login=False), read_seconds=read_seconds)
            except NoChallenge:
                pass
            else:
                if self.logged_in or not denied(answer):
                    return answer
            # What it has told so far it tells to anybody: the first request that needs a login goes alone.
            async with self._login_lock:
                if not self._by_token:
                    self.guard.check()
                    answer = await self.post(
                        path,
                        await written(login=True),
                        login=False,
                        read_seconds=read_seconds,
                    )
                    if denied(answer):
                        raise self.guard.reject("onvif")
                    self._by_token = True
                    return answer
        return await self._by_token_sent(path, written, read_seconds)

    async def _by_token_sent(self, path: str, written: "_Written", read_seconds: float) -> Answer:
        body = await written(login=True)
        endpoint = self.endpoint("POST", path, body)
        async with self._carefully(endpoint):
            answer = await self.post(path, body, login=False, read_seconds=read_seconds)
            if denied(answer) and await self._clock_jumped():
                body = await written(login=True)
                answer = await self.post(path, body, login=False, read_seconds=read_seconds)
            if denied(answer):
                raise self.rights.rejected(endpoint)
            self.rights.accepted(endpoint)
            return answer

    async def _clock_jumped(self) -> bool:
        """Whether the device's clock is no longer what tokens were dated by."""
        before = self._skew
        try:
            await self._learn_skew()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise error_from(error) from error
        return abs(self._skew - before) > LARGEST_SKEW_ERROR

    def endpoint(self, method: str, target: str, body: bytes | None) -> str:
        """See `Transport.endpoint`; one address serves many operations."""
        operation = _OPERATION.search(body or b"")
        return f"{super().endpoint(method, target, body)} {operation[1].decode() if operation else ''}"

    def _has_login(self) -> bool:
        return super()._has_login() or self._by_token

    async def post(
        self, target: str, body: bytes, *, login: bool = True, read_seconds: float = READ_SECONDS
    ) -> Answer:
        """A whole answer to one envelope, whatever its status."""
        try:
            if login and not self._by_token:
                response = await self._logged_in("POST", target, body, read_seconds)
            else:
                response = await self._send("POST", target, body, read_seconds, None)
            try:
                return await whole(response)
            finally:
                response.close()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            problem = error_from(error)
            if type(problem) is Unreachable:
                self._forget()
            raise problem from error

    async def clock(self) -> DeviceClock:
        """What the device's clock shows now.

        Raises:
            BadAnswer: it does not tell.
        """
        await self.prove()
        before = self._now()
        shown = _clock_in(await self.post(DEVICE_PATH, _ASK_CLOCK, login=False))
        self._skew = shown.utc.replace(tzinfo=UTC) - (before + (self._now() - before) / 2)
        return shown

    def apply(self, envelope: Any, headers: Any) -> tuple[Any, Any]:
        """Put a token, dated by the device's clock, into an envelope; the library calls this."""
        created = self._now().astimezone(UTC) + self._skew
        token = library.username_token(self._settings.username, self._settings.password, created)
        applied: tuple[Any, Any] = token.apply(envelope, headers)
        return applied

    def verify(self, envelope: Any) -> None:
        """Nothing in an answer is signed; the library calls this."""

    def _forget(self) -> None:
        super()._forget()
        self._by_token = False

    async def _log_in(self) -> None:
        await self._learn_skew()
        stub = await self._service("devicemgmt", DEVICE_PATH)
        if not self._by_token:
            body = await stub.envelope("GetDeviceInformation", {}, login=False)
            try:
                response = await self._negotiate("POST", DEVICE_PATH, body, PROOF_READ_SECONDS)
                try:
                    answer = await whole(response)
                finally:
                    response.close()
            except NoChallenge:
                pass
            else:
                if not denied(answer):
                    await self._read(stub, "GetDeviceInformation", answer)
                    return
        body = await stub.envelope("GetDeviceInformation", {}, login=True)
        self.guard.check()
        response = await self._send("POST", DEVICE_PATH, body, PROOF_READ_SECONDS, None)
        try:
            answer = await whole(response)
        finally:
            response.close()
        if denied(answer):
            raise self.guard.reject("onvif")
        await self._read(stub, "GetDeviceInformation", answer)
        self._by_token = True
        self.rights.accepted(self.endpoint("POST", DEVICE_PATH, body))

    async def _challenge(self) -> None:
        await self._log_in()

    async def _learn_skew(self) -> None:
        before = self._now()
        response = await self._send("POST", DEVICE_PATH, _ASK_CLOCK, PROOF_READ_SECONDS, None)
        try:
            answer = await whole(response)
        finally:
            response.close()
        try:
            shown = _clock_in(answer).utc.replace(tzinfo=UTC)
        except BadAnswer:
            return  # a device that wants a login for its clock must be lived with as it is
        self._skew = shown - (before + (self._now() - before) / 2)

    async def _service(self, name: str, path: str) -> Service:
        known = self._services.get(name)
        if known is None:
            async with self._loading:
                known = self._services.get(name) or await library.load(name, self._base + path, self)
                self._services[name] = known
        return known

    async def _path(self, service: str) -> str:
        if service == "devicemgmt":
            return DEVICE_PATH
        try:
            return (await self._known_paths())[service]
        except KeyError as error:
            raise NotSupported(f"the recorder has no {service} service") from error

    async def _known_paths(self) -> dict[str, str]:
        async with self._listing:
            if not self._paths:
                self._paths = await self._listed_paths()
            return self._paths

    async def _listed_paths(self) -> dict[str, str]:
        try:
            rows = await self.call("devicemgmt", "GetServices", IncludeCapability=False)
            known = library.namespaces()
            paths = {known[row.Namespace]: path_of(row.XAddr) for row in rows or [] if row.Namespace in known}
        except (NotSupported, BadAnswer):
            paths = {}
        if paths:
            return paths
        listed = await self.call("devicemgmt", "GetCapabilities", Category="All")
        found = {"media": listed.Media, "events": listed.Events} | _extensions(listed.Extension)
        return {name: path_of(entry.XAddr) for name, entry in found.items() if entry is not None}

    async def _read(self, stub: Service, operation: str, answer: Answer) -> Any:
        if has_fault(answer) and not answer.body.strip():
            raise error_of_status(answer.status)
        reply = Reply(answer.status, {"Content-Type": answer.content_type}, answer.body)
        try:
            return await asyncio.to_thread(stub.read, operation, reply)
        except library.reading_errors() as error:
            if hasattr(error, "subcodes"):
                raise error_of_fault(error, answer.status) from error
            if has_fault(answer):
                raise error_of_status(answer.status) from error
            raise BadAnswer("the recorder answered something that is no proper SOAP") from error


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One service at an address that the device gave."""

    soap: Soap
    service: Service
    path: str
    headers: tuple[Any, ...] = ()

    async def call(self, operation: str, *, read_seconds: float = READ_SECONDS, **parameters: Any) -> Any:
        """As `Soap.call`."""
        await self.soap.prove()
        if self.headers:
            parameters["_soapheaders"] = list(self.headers)
        return await self.soap.ask(self.service, self.path, operation, parameters, read_seconds)


def _extensions(extension: Any) -> dict[str, Any]:
    """The services in the extension of capabilities; the library leaves them as bare elements."""
    found: dict[str, Any] = {}
    for name in ("Search", "Replay"):
        found[name.lower()] = getattr(extension, name, None)
    for element in getattr(extension, "_value_1", None) or []:
        name = str(element.tag).rpartition("}")[2].lower()
        address = element.findtext("{*}XAddr")
        if name in found and address:
            found[name] = SimpleNamespace(XAddr=address)
    return found


def _clock_in(answer: Answer) -> DeviceClock:
    """What a `GetSystemDateAndTime` answer shows."""
    try:
        root = ET.fromstring(answer.body)  # noqa: S314 - expat limits entities; bodies are size-limited
    except ET.ParseError as error:
        raise BadAnswer("the recorder answered broken XML") from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    utc = _digits_in(root.find(".//UTCDateTime"))
    if utc is None:
        raise BadAnswer("the recorder does not tell its time")
    return DeviceClock(utc, _digits_in(root.find(".//LocalDateTime")))


def _digits_in(shown: ET.Element | None) -> datetime | None:
    if shown is None:
        return None
    paths = ("Date/Year", "Date/Month", "Date/Day", "Time/Hour", "Time/Minute", "Time/Second")
    try:
        year, month, day, hour, minute, second = (int(shown.findtext(path, "")) for path in paths)
        return datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - digits that may mean any zone
    except ValueError:
        return None
