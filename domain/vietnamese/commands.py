"""Commands as they are typed in a chat, for those who paste a whole line: "/anh cổng", "/clip C02 15"."""

import re

from domain.vietnamese.readings import WishKind

_COMMAND = re.compile(r"\s*/([a-z_]+)(?:@\w+)?(?:\s+|$)", re.IGNORECASE)
_KINDS = {
    **dict.fromkeys(("anh", "snapshot", "chup"), WishKind.SNAPSHOT),
    **dict.fromkeys(("clip", "live", "quay"), WishKind.LIVE_CLIP),
    **dict.fromkeys(("yeucau", "request", "xemlai"), WishKind.REQUEST),
    **dict.fromkeys(("suviec", "baocao", "incident"), WishKind.INCIDENT),
    **dict.fromkeys(
        ("choduyet", "pending", "luutru", "retention", "camera", "cameras", "nhatky", "audit"),
        WishKind.STATUS,
    ),
    **dict.fromkeys(("trogiup", "help", "start"), WishKind.HELP),
}


def command_in(text: str) -> tuple[WishKind, str] | None:
    """The wish a known command stands for and the words after it; None where there's no such command."""
    found = _COMMAND.match(text)
    kind = _KINDS.get(found[1].lower()) if found is not None else None
    return (kind, text[found.end() :]) if found is not None and kind is not None else None
