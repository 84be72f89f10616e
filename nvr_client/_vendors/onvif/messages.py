"""Messages of the event service, as the library reads them: what they are about, and their simple items.

Topics are those of ONVIF's imaging, analytics and device services; prefixes of namespaces differ.
"""

import re
from typing import Any

from nvr_client.protocol import EventKind

_TOPICS: tuple[tuple[str, EventKind], ...] = (
    ("VideoSource/SignalLoss", EventKind.VIDEO_LOSS),
    ("VideoSource/GlobalSceneChange", EventKind.TAMPER),
    ("RuleEngine/TamperDetector/Tamper", EventKind.TAMPER),
    ("Device/HardwareFailure/StorageFailure", EventKind.DISK_ERROR),
)
SOURCES = frozenset({"Source", "VideoSource", "VideoSourceToken", "VideoSourceConfigurationToken"})
STATES = frozenset({"State", "Failed", "IsTamper"})


def kind_of(topic: str) -> EventKind | None:
    """What a topic is about, without regard to the prefixes of its namespaces."""
    bare = re.sub(r"[\w.-]+:", "", topic).strip()
    return next((kind for name, kind in _TOPICS if bare == name or bare.startswith(f"{name}/")), None)


def topic_of(row: Any) -> str:
    """The topic of a message; "" where it has none."""
    written = getattr(getattr(row, "Topic", None), "_value_1", None)
    parts = written if isinstance(written, list) else [written]
    return "".join(part for part in parts if isinstance(part, str))


def item(message: Any, part: str, names: frozenset[str]) -> str:
    """The value of the first simple item of one of these names; "" where there is none."""
    for each in getattr(getattr(message, part, None), "SimpleItem", None) or []:
        if each.Name in names:
            return str(each.Value).strip()
    return ""
