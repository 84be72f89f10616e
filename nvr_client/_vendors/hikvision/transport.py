"""The HTTP login of a Hikvision recorder."""

import re

from nvr_client.login import LoginGuard
from nvr_client.settings import RecorderSettings
from nvr_client.transport import Transport

_PROOF_PATH = "/ISAPI/System/deviceInfo"
_LOCKED = re.compile(rb"<lockStatus>\s*lock\s*<", re.IGNORECASE)


def isapi(settings: RecorderSettings, guard: LoginGuard) -> Transport:
    """HTTP to one recorder."""
    return Transport(settings, guard, proof_path=_PROOF_PATH, locked=_LOCKED)
