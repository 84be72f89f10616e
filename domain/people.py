"""People of the school, their roles, and the one-time codes by which they enrol.

Roles are given by the leadership (Điều 1); nobody enrols themselves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LANGUAGE = "vi"
"""What somebody reads who has chosen nothing, and who is not on the staff list."""

LANGUAGES = ("vi", "en")
INVITATION_LIFE = timedelta(hours=72)
INVITATION_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # no I, L, O, U, 0, 1: read aloud without a mistake
INVITATION_LENGTH = 10  # 30**10, about 49 bits: with the limit on wrong tries it cannot be guessed
WRONG_CODES_PER_HOUR = 5  # a stranger's account is not listened to after that many


class Role(StrEnum):
    """Roles of the regulation, Điều 4-9."""

    PRINCIPAL = "principal"
    DEPUTY = "deputy"
    HEAD_GUARD = "head_guard"
    GUARD = "guard"
    IT = "it"
    ACCOUNTANT = "accountant"
    UNIT_HEAD = "unit_head"
    TEACHER = "teacher"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the staff list. `address` is how the bot addresses them: "Cô", "Thầy", "Anh", "Bác"."""

    id: int
    name: str
    role: Role
    address: str
    unit: str = ""
    language: str = LANGUAGE
    active: bool = True

    @property
    def called(self) -> str:
        """How the bot calls them: "Cô Hằng"."""
        return f"{self.address} {self.name}"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time enrolment code. Only its hash is stored."""

    id: int
    person_id: int
    expires_at: datetime
    used_at: datetime | None

    def usable(self, now: datetime) -> bool:
        """Neither used nor expired."""
        return self.used_at is None and now < self.expires_at


_ADDRESSES = ("Cô", "Thầy", "Anh", "Chị", "Bác", "Chú", "Ông", "Bà", "Em")
_TEACHING = frozenset({Role.PRINCIPAL, Role.DEPUTY, Role.TEACHER, Role.UNIT_HEAD})


def named(written: str, role: Role) -> tuple[str, str]:
    """Split a written name into form of address and name: "Cô Hằng" -> ("Cô", "Hằng").

    Age and sex are never guessed: without a written form of address, teaching staff are "Thầy/Cô", others
    "Anh/Chị".
    """
    words = written.split()
    if len(words) > 1 and words[0].capitalize() in _ADDRESSES:
        return words[0].capitalize(), " ".join(words[1:])
    return ("Thầy/Cô" if role in _TEACHING else "Anh/Chị"), " ".join(words)
