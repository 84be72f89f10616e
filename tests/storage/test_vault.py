import stat
from pathlib import Path

import pytest

from storage.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_spooled_bytes_are_there_whole_and_for_the_owner_only(vault: Vault, tmp_path: Path) -> None:
    key = await vault.spool(b"picture", ".jpg")
    path = vault.path(key)
    assert key.startswith("spool/")
    assert path.suffix == ".jpg"
    assert path.read_bytes() == b"picture"
    assert (_mode(tmp_path / "vault"), _mode(path.parent), _mode(path)) == (0o700, 0o700, 0o600)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


async def test_each_spooled_file_has_its_own_key(vault: Vault) -> None:
    assert await vault.spool(b"1", ".jpg") != await vault.spool(b"1", ".jpg")


async def test_a_removed_file_is_gone_and_removing_it_again_is_fine(vault: Vault) -> None:
    key = await vault.spool(b"picture", ".jpg")
    vault.remove(key)
    vault.remove(key)
    assert not vault.path(key).exists()


def test_a_kept_original_is_read_only(vault: Vault) -> None:
    path = vault.path("originals/2026/YC-2026-0147.ps")
    path.write_bytes(b"original")
    vault.keep("originals/2026/YC-2026-0147.ps")
    assert _mode(path) == 0o400
    vault.remove("originals/2026/YC-2026-0147.ps")
    assert not path.exists()


def test_keeping_what_is_not_there_is_an_error(vault: Vault) -> None:
    with pytest.raises(FileNotFoundError):
        vault.keep("originals/2026/nothing.ps")


@pytest.mark.parametrize(
    "key",
    [
        "../out",
        "spool/../../out",
        "/etc/passwd",
        "",
        ".",
        "spool/",
        "spool//x",
        "spool/.hidden",
        "a\\b",
        "a\nb",
        "x\n",
        "a\x00b",
        "~/x",
        "spool/" + "x" * 300,
    ],
)
def test_a_key_that_leads_elsewhere_is_refused(vault: Vault, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        vault.path(key)
    assert vault.path("spool/inside").name == "inside"


@pytest.mark.parametrize("suffix", ["/x", "jpg", "../x", ".a b"])
def test_a_suffix_that_is_none_is_refused(vault: Vault, suffix: str) -> None:
    with pytest.raises(ValueError, match="suffix"):
        vault.spool_path(suffix)


async def test_what_a_crash_left_goes_and_what_is_wanted_stays(vault: Vault) -> None:
    sent, waiting = await vault.spool(b"sent", ".jpg"), await vault.spool(b"waiting", ".jpg")
    half = vault.path("originals/2026/YC-2026-0001.rec.part")
    half.write_bytes(b"half")
    for folder in ("spool", "originals/2026"):
        made = vault.path(f"{folder}/x").with_name(".YC-2026-0001.mp4.k3x9") / "part.mp4"
        made.parent.mkdir()
        made.write_bytes(b"half")
    vault.path("originals/2026/YC-2026-0002.rec").write_bytes(b"whole")
    vault.keep("originals/2026/YC-2026-0002.rec")

    assert vault.clear_leftovers({waiting}) == 4
    assert (vault.path(sent).exists(), vault.path(waiting).exists(), half.exists()) == (False, True, False)
    assert [path.name for path in half.parent.iterdir()] == ["YC-2026-0002.rec"]
    assert vault.clear_leftovers({waiting}) == 0


def test_the_free_space_is_that_of_the_disk(vault: Vault) -> None:
    assert vault.free_bytes() > 0
