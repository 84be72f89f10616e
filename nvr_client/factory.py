"""The one way to a recorder: settings in, a client that many may share out."""

import time
from collections.abc import Callable
from functools import partial

from nvr_client._vendors.dahua.client import DahuaClient
from nvr_client._vendors.hikvision.client import HikvisionClient
from nvr_client._vendors.onvif.client import OnvifClient
from nvr_client.detection import DetectingClient
from nvr_client.login import LoginGuard
from nvr_client.protocol import NvrClient
from nvr_client.settings import Now, RecorderSettings
from nvr_client.shared import OnState, SharedRecorder

__all__ = ["VENDORS", "RecorderSettings", "connect"]

_SPOKEN: dict[str, Callable[[RecorderSettings, Now, LoginGuard], NvrClient]] = {
    "hikvision": HikvisionClient,
    "onvif": OnvifClient,
    "dahua": DahuaClient,
}

VENDORS = _SPOKEN | {"auto": partial(DetectingClient, vendors=_SPOKEN)}
"""Who speaks which language. A vendor is one package in `_vendors` and one line in the table above."""


def connect(
    settings: RecorderSettings,
    *,
    now: Now,
    on_state: OnState | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> SharedRecorder:
    """A client for one recorder, an `NvrClient` with `blocked`, `lost` and `unblock`.

    Nothing is sent before the first call, so it never fails because of the recorder; `aclose` it at the end.
    One client a recorder: two would not know of each other's load and rejected logins.

    Args:
        settings: where the recorder is, and what it speaks.
        now: the true time, aware, as in `lambda: datetime.now(UTC)`; the recorder's clock is held against it.
        on_state: told once when the recorder is lost, back, or has rejected the login; must be quick.
        monotonic: seconds that never jump; what is remembered of a login lives by it.
    """
    guard = LoginGuard(settings.name, monotonic)
    return SharedRecorder(settings, VENDORS[settings.vendor](settings, now, guard), guard, on_state)
