"""Words about incidents that several of their modules share: kinds, levels, states, helplines."""

from domain.chat import Text
from domain.incident_words import Helpline, shown
from domain.incidents import Incident, IncidentKind, IncidentState, Severity
from handlers.ports import Tools
from handlers.words import area_label

TEXT_SHOWN = 300

KINDS: dict[IncidentKind, Text] = {
    IncidentKind.FIGHT: Text("fight"),
    IncidentKind.BULLYING: Text("bullying"),
    IncidentKind.INJURY: Text("accident, injury"),
    IncidentKind.STRANGER: Text("stranger in the school"),
    IncidentKind.THEFT: Text("loss of property"),
    IncidentKind.DAMAGE: Text("damage to property"),
    IncidentKind.LEAVING: Text("climbing out, leaving school"),
    IncidentKind.SUBSTANCE: Text("smoking, suspected substances"),
    IncidentKind.FIRE: Text("fire, short circuit"),
    IncidentKind.TRAFFIC: Text("traffic at the gate"),
    IncidentKind.FOOD: Text("food safety"),
    IncidentKind.WEATHER: Text("storm, fallen tree, flood"),
    IncidentKind.EQUIPMENT: Text("camera equipment"),
    IncidentKind.OTHER: Text("something else"),
}

LEVELS: dict[Severity, Text] = {
    Severity.NOTED: Text("level 1 (for the book)"),
    Severity.TODAY: Text("level 2 (to be dealt with today)"),
    Severity.SERIOUS: Text("level 3 (serious)"),
    Severity.EMERGENCY: Text("level 4 (emergency)"),
}

STATES: dict[IncidentState, Text] = {
    IncidentState.DRAFT: Text("not sent yet"),
    IncidentState.REPORTED: Text("nobody has taken it yet"),
    IncidentState.TAKEN: Text("taken"),
    IncidentState.IN_WORK: Text("in work"),
    IncidentState.CLOSED: Text("closed"),
    IncidentState.DROPPED: Text("dropped by the reporter"),
}

CALL: dict[Helpline, Text] = {
    Helpline.POLICE: Text("CALL 113 NOW (police)."),
    Helpline.FIRE: Text("CALL 114 NOW (fire brigade)."),
    Helpline.AMBULANCE: Text("CALL 115 NOW (ambulance)."),
    Helpline.CHILDREN: Text("CALL 111 NOW (child protection)."),
}
OTHER_NUMBERS = Text("113 police · 114 fire · 115 ambulance · 111 child protection")
GONE = Text("This report is closed.")


def place_of(tools: Tools, incident: Incident) -> Text:
    """Where it happened, as far as it is known."""
    if incident.camera_code:
        return Text("{name}", {"name": tools.cameras.by_code(incident.camera_code).label})
    if incident.place:
        return Text("{name}", {"name": area_label(incident.place)})
    return Text("place not known")


def headline(tools: Tools, incident: Incident) -> Text:
    """Code, level, kind and place in one line."""
    return Text(
        "{code} · {level} · {kind} · {place}",
        {
            "code": incident.code,
            "level": LEVELS[incident.severity],
            "kind": KINDS[incident.kind],
            "place": place_of(tools, incident),
        },
    )


def said(text: str) -> str:
    """What a person wrote, as others read it, cut to what a card can show."""
    neutral = " ".join(shown(text).split())
    return neutral if len(neutral) <= TEXT_SHOWN else f"{neutral[: TEXT_SHOWN - 1].rstrip()}…"
