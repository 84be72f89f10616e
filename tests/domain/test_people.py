"""Names as they are spoken, and the codes by which people enrol."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.people import (
    INVITATION_ALPHABET,
    INVITATION_LENGTH,
    INVITATION_LIFE,
    Invitation,
    Person,
    Role,
    named,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "role", "address", "name"),
    [
        ("Cô Hằng", Role.PRINCIPAL, "Cô", "Hằng"),
        ("  bác   Tiến ", Role.HEAD_GUARD, "Bác", "Tiến"),
        ("anh Nguyễn Văn Sơn", Role.GUARD, "Anh", "Nguyễn Văn Sơn"),
        ("Hằng", Role.TEACHER, "Thầy/Cô", "Hằng"),
        ("Sơn", Role.GUARD, "Anh/Chị", "Sơn"),
        ("Thầy", Role.TEACHER, "Thầy/Cô", "Thầy"),
        ("Em", Role.STAFF, "Anh/Chị", "Em"),
        ("Bà Triệu", Role.STAFF, "Bà", "Triệu"),
        ("Cônglý", Role.STAFF, "Anh/Chị", "Cônglý"),
    ],
)
def test_a_form_of_address_is_taken_and_never_guessed(
    written: str, role: Role, address: str, name: str
) -> None:
    assert named(written, role) == (address, name)


def test_a_person_is_called_as_the_school_does() -> None:
    assert Person(1, "Hằng", Role.PRINCIPAL, "Cô").called == "Cô Hằng"


def test_a_code_counts_until_its_time_is_over() -> None:
    invitation = Invitation(1, 7, NOW + INVITATION_LIFE, None)
    assert invitation.usable(NOW)
    assert invitation.usable(NOW + INVITATION_LIFE - timedelta(microseconds=1))
    assert not invitation.usable(NOW + INVITATION_LIFE)


def test_a_code_that_was_used_is_used_up() -> None:
    expires_at = NOW + INVITATION_LIFE
    assert Invitation(1, 7, expires_at, None).usable(NOW)
    assert not Invitation(1, 7, expires_at, NOW - timedelta(minutes=1)).usable(NOW)


def test_a_code_is_read_aloud_without_a_mistake_and_cannot_be_guessed() -> None:
    assert not set(INVITATION_ALPHABET) & set("ILOU01")
    assert len(set(INVITATION_ALPHABET)) == len(INVITATION_ALPHABET)
    assert len(INVITATION_ALPHABET) ** INVITATION_LENGTH > 2**48
