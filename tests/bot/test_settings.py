import os
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.bootstrap import cameras_of, recorder_settings, times_of
from bot.settings import Settings, SettingsError, load
from nvr_client.factory import VENDORS

ROOT = Path(__file__).parents[2]
RECORDER = """
[[recorders]]
name = "dau-ghi-1"
vendor = "hikvision"
host = "192.168.1.64"
username = "truccam"
password = "abc-12345"
"""
CAMERA = """
[[cameras]]
code = "C01"
name = "Cổng chính"
recorder = "dau-ghi-1"
channel = 1
"""
SCHOOL = RECORDER + CAMERA


def read(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    path = folder / "truccam.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ or {})


def problems_of(folder: Path, text: str, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read(folder, text, environ)
    return caught.value.problems


def test_the_schools_example_is_complete(tmp_path: Path) -> None:
    text = (ROOT / "examples/ngoc-lam.toml").read_text(encoding="utf-8")
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "telegram-token").write_text("1:a\n")
    (secrets / "dau-ghi-1").write_text("mật khẩu\n")
    settings = read(tmp_path, text)
    assert len(settings.cameras) == 30
    assert settings.school.name == "Trường THCS Ngọc Lâm"
    assert settings.telegram.token.get_secret_value() == "1:a"
    assert settings.recorders[0].password.get_secret_value() == "mật khẩu"
    assert any(camera.teaching_area for camera in settings.cameras)


def test_nothing_set_gives_the_defaults(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    assert settings.school.timezone == "Asia/Ho_Chi_Minh"
    assert settings.telegram.token.get_secret_value() == ""
    assert settings.telegram.api_base == "https://api.telegram.org"
    assert settings.limits.max_request_minutes == 45
    assert settings.web.listen == "127.0.0.1:8443"


def test_without_a_file_the_environment_alone_counts() -> None:
    settings = load(None, {"TRUCCAM_SCHOOL__NAME": "Trường A"})
    assert settings.school.name == "Trường A"
    assert settings.paths.state == Path.cwd() / "var"


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    text = SCHOOL + '\n[telegram]\ntoken = "in-the-file"\n'
    environ = {
        "TRUCCAM_TELEGRAM__TOKEN": "from-the-environment",
        "TRUCCAM_LIMITS__MAX_REQUEST_MINUTES": "30",
        "TRUCCAM_RECORDERS__DAU_GHI_1__PASSWORD": "other",
        "TRUCCAM_RECORDERS__DAU_GHI_1__HTTP_PORT": "8080",
        "TRUCCAM_CONFIG": "not a setting",
        "PATH": "/bin",
    }
    settings = read(tmp_path, text, environ)
    assert settings.telegram.token.get_secret_value() == "from-the-environment"
    assert settings.limits.max_request_minutes == 30
    assert settings.recorders[0].password.get_secret_value() == "other"
    assert settings.recorders[0].http_port == 8080


def test_a_secret_in_the_environment_wins_over_its_file(tmp_path: Path) -> None:
    text = '[telegram]\ntoken_file = "missing"\n'
    settings = read(tmp_path, text, {"TRUCCAM_TELEGRAM__TOKEN": "1:b"})
    assert settings.telegram.token.get_secret_value() == "1:b"


def test_a_secrets_file_lies_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1:abc\n")
    settings = read(tmp_path, '[telegram]\ntoken_file = "token"\n')
    assert settings.telegram.token.get_secret_value() == "1:abc"


def test_state_and_database_lie_beside_the_settings(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    assert settings.paths.state == tmp_path / "var"
    assert settings.database.url == f"sqlite:///{tmp_path}/var/truccam.db"
    assert settings.jobs_url == f"sqlite:///{tmp_path}/var/truccam-jobs.db"


def test_absolute_places_and_postgresql_stay_as_they_are(tmp_path: Path) -> None:
    settings = read(tmp_path, '[database]\nurl = "sqlite:////srv/t.db"\n[paths]\nstate = "/srv/state"\n')
    assert settings.database.url == "sqlite:////srv/t.db"
    assert settings.paths.state == Path("/srv/state")
    settings = read(tmp_path, '[database]\nurl = "postgresql://u:p@db/truccam"\n')
    assert settings.database.url == settings.jobs_url == "postgresql://u:p@db/truccam"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[telegram]\ntokn = "x"\n', "telegram.tokn"),
        ("[telegrm]\n", "telegrm"),
        (RECORDER + 'oops = "x"\n', "recorders[dau-ghi-1].oops"),
        (SCHOOL + "chanel = 2\n", "cameras[C01].chanel"),
    ],
)
def test_an_unknown_key_is_named(tmp_path: Path, text: str, named: str) -> None:
    (problem,) = problems_of(tmp_path, text)
    assert problem.startswith(f"{named}: ")
    assert "unknown key" in problem


def test_an_unknown_key_brings_the_nearest_known_one(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, '[telegram]\ntokn = "x"\n')
    assert "token?" in problem


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[school]\ntimezone = "Asia/Ha_Noi"\n', "school.timezone"),
        ('[school]\nname = ""\n', "school.name"),
        ('[telegram]\napi_base = "api.telegram.org"\n', "telegram.api_base"),
        ('[telegram]\nproxy = "10.0.0.1"\n', "telegram.proxy"),
        ('[telegram]\nmode = "pushing"\n', "telegram.mode"),
        ('[telegram]\nmode = "webhook"\n', "telegram.mode"),
        ('[database]\nurl = "mysql://x"\n', "database.url"),
        ('[web]\nlisten = "8443"\n', "web.listen"),
        ('[log]\nlevel = "loud"\n', "log.level"),
        ("[limits]\nmax_request_minutes = 0\n", "limits.max_request_minutes"),
        ('[limits]\nretention_days = "many"\n', "limits.retention_days"),
        (SCHOOL.replace("channel = 1", "channel = 0"), "cameras[C01].channel"),
        (SCHOOL.replace('recorder = "dau-ghi-1"', 'recorder = "dau-ghi-2"'), "cameras[C01].recorder"),
        (SCHOOL + CAMERA.replace("C01", "c01"), "cameras[C01].code"),
        (SCHOOL + 'near = ["C99"]\n', "cameras[C01].near"),
        (SCHOOL + 'added = "hôm qua"\n', "cameras[C01].added"),
        ('[summary]\nat = "6h30"\n', "summary.at"),
        ('[summary]\nmeasure_at = "06:15, 01:00"\n', "summary.measure_at"),
        ('[summary]\nmeasure_at = "01:00, 01:00"\n', "summary.measure_at"),
        ('[summary]\nmeasure_at = "25:00"\n', "summary.measure_at"),
        (RECORDER + RECORDER, "recorders[dau-ghi-1].name"),
        (RECORDER.replace("192.168.1.64", "http://192.168.1.64"), "recorders[dau-ghi-1].host"),
        (RECORDER.replace('password = "abc-12345"', ""), "recorders[dau-ghi-1].password"),
        (RECORDER + 'password_file = "secret"\n', "recorders[dau-ghi-1].password_file"),
        ('[telegram]\ntoken_file = "missing"\n', "telegram.token_file"),
        ("[telegram\n", ""),
    ],
)
def test_what_is_wrong_is_told_by_table_and_key(tmp_path: Path, text: str, named: str) -> None:
    problems = problems_of(tmp_path, text)
    assert problems[0].startswith(named)


def test_a_variable_that_overrides_nothing_is_named(tmp_path: Path) -> None:
    for variable in ("TRUCCAM_RECORDERS__OTHER__PASSWORD", "TRUCCAM_CAMERAS__0__CODE"):
        (problem,) = problems_of(tmp_path, SCHOOL, {variable: "x"})
        assert problem.startswith(variable)
    (problem,) = problems_of(tmp_path, SCHOOL, {"TRUCCAM_SCHOOL__NAMES": "x"})
    assert problem.startswith("school.names")


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = '[telegram]\ntokn = "x"\n[web]\nlisten = "x"\n'
    assert len(problems_of(tmp_path, text)) == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml"):
        load(tmp_path / "none.toml", os.environ)


def test_no_secret_is_shown(tmp_path: Path) -> None:
    text = SCHOOL + '\n[telegram]\ntoken = "1:SECRET"\n[database]\nurl = "postgresql://u:SECRET@h/d"\n'
    settings = read(tmp_path, text)
    assert "SECRET" not in repr(settings)
    assert "abc-12345" not in repr(settings)
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text.replace('token = "1:SECRET"', 'token = ["1:SECRET"]'))
    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_the_recorders_vendor_reaches_its_client(vendor: str, tmp_path: Path) -> None:
    settings = read(tmp_path, SCHOOL.replace("hikvision", vendor))
    assert [recorder.vendor for recorder in recorder_settings(settings)] == [vendor]


def test_the_times_of_the_summary_are_read_as_clocks(tmp_path: Path) -> None:
    usual = times_of(read(tmp_path, ""))
    assert (usual.summary_at, usual.measure_at[:2], usual.spread) == (
        time(6, 30),
        (time(1, 0), time(6, 15)),
        timedelta(hours=4),
    )
    off = times_of(read(tmp_path, '[summary]\nat = ""\nmeasure_at = ""\n'))
    assert (off.summary_at, off.measure_at) == (None, ())
    by_variable = read(tmp_path, "", {"TRUCCAM_SUMMARY__MEASURE_AT": "02:00,05:30"})
    assert times_of(by_variable).measure_at == (time(2, 0), time(5, 30))


def test_the_day_since_which_a_camera_records_is_read(tmp_path: Path) -> None:
    [camera] = cameras_of(read(tmp_path, SCHOOL + "added = 2026-11-20\n"))
    assert camera.added == date(2026, 11, 20)
    [camera] = cameras_of(read(tmp_path, SCHOOL + 'added = "2026-11-20"\n'))
    assert camera.added == date(2026, 11, 20)


def test_a_stated_quirk_of_a_recorder_reaches_its_client_and_an_unknown_one_is_refused(
    tmp_path: Path,
) -> None:
    quirks = {
        "time_mode": "utc",
        "search_body": "short",
        "paging_field": "searchResultPosition",
        "find_base": "0",
        "export_method": "rtsp",
    }
    stated = RECORDER + "".join(f'{key} = "{value}"\n' for key, value in quirks.items())
    [recorder] = recorder_settings(read(tmp_path, stated))
    assert {key: getattr(recorder, key) for key in quirks} == quirks
    [usual] = recorder_settings(read(tmp_path, RECORDER))
    assert {key: getattr(usual, key) for key in quirks} == dict.fromkeys(quirks, "auto") | {"time_mode": None}
    with pytest.raises(SettingsError, match="time_mode"):
        read(tmp_path, RECORDER + 'time_mode = "mars"\n')


def test_the_fingerprint_of_a_recorder_is_read_as_tools_print_it(tmp_path: Path) -> None:
    pinned = RECORDER + 'https = true\ntls_sha256 = "' + ":".join(["AB"] * 32) + '"\n'
    settings = read(tmp_path, pinned)
    assert settings.recorders[0].tls_sha256 == "ab" * 32
    assert recorder_settings(settings)[0].tls_sha256 == "ab" * 32
    assert recorder_settings(read(tmp_path, RECORDER))[0].tls_sha256 is None


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('https = true\ntls_sha256 = "abc"', "64 hex digits"),
        ('tls_sha256 = "' + "ab" * 32 + '"', "needs https = true"),
    ],
)
def test_a_fingerprint_that_cannot_work_is_named(tmp_path: Path, keys: str, words: str) -> None:
    (problem,) = problems_of(tmp_path, f"{RECORDER}{keys}\n")
    assert problem.startswith("recorders[dau-ghi-1].tls_sha256: ")
    assert words in problem
