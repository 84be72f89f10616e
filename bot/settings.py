"""Settings: one TOML file, each key overridable by `TRUCCAM_<TABLE>__<KEY>`.

A recorder's key is overridden by `TRUCCAM_RECORDERS__<NAME>__<KEY>`, its name in capitals with `_` for what
is neither letter nor digit: `TRUCCAM_RECORDERS__DAU_GHI_1__PASSWORD`. A secret may stand in its own file,
named by `<key>_file`. Relative paths are relative to the folder of the settings file (without one: to the
working folder), also the one in `sqlite:///var/truccam.db`.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings_checks import (
    clock_time,
    clock_times,
    database_url,
    fingerprint,
    host_name,
    listen_address,
    proxy_url,
    time_zone,
    web_url,
)
from bot.settings_problems import SettingsError, in_words
from bot.settings_sources import SQLITE, gathered
from nvr_client.settings import ExportMethod, FindBase, PagingField, SearchBody, TimeMode

__all__ = ["CameraSettings", "RecorderEntry", "Settings", "SettingsError", "load"]

Port = Annotated[int, Field(ge=1, le=65_535)]
WebUrl = Annotated[str, AfterValidator(web_url)]
OptionalWebUrl = Annotated[str, AfterValidator(lambda value: web_url(value) if value else value)]
NO_SECRET = SecretStr("")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class School(_Table):
    """`[school]`: who we are and in which time zone."""

    name: str = Field(default="Trường THCS", min_length=1)
    timezone: Annotated[str, AfterValidator(time_zone)] = "Asia/Ho_Chi_Minh"


class Database(_Table):
    """`[database]`: `sqlite:///file` or `postgresql://...`. A URL with a password may stand in `url_file`."""

    url: Annotated[str, Field(repr=False), AfterValidator(database_url)] = f"{SQLITE}var/truccam.db"


class Web(_Table):
    """`[web]`: where health, metrics and webhooks are served, and how phones reach it."""

    listen: Annotated[str, AfterValidator(listen_address)] = "127.0.0.1:8443"
    public_url: OptionalWebUrl = ""


class Telegram(_Table):
    """`[telegram]`: an empty token turns the channel off."""

    token: SecretStr = NO_SECRET
    api_base: WebUrl = "https://api.telegram.org"
    proxy: Annotated[str, AfterValidator(proxy_url)] = ""
    mode: Literal["polling", "webhook"] = "polling"


class ZaloBot(_Table):
    """`[zalo_bot]`: an empty token turns the channel off."""

    token: SecretStr = NO_SECRET
    api_base: WebUrl = "https://bot-api.zaloplatforms.com"


class ZaloOa(_Table):
    """`[zalo_oa]`: an empty `app_id` turns the channel off."""

    app_id: str = ""
    app_secret: SecretStr = NO_SECRET
    oa_secret_key: SecretStr = NO_SECRET
    refresh_token: SecretStr = NO_SECRET
    api_base: WebUrl = "https://openapi.zalo.me"
    oauth_base: WebUrl = "https://oauth.zaloapp.com"


class RecorderEntry(_Table):
    """`[[recorders]]`: one recorder. An empty `timezone` is the school's; `tls_sha256` pins a certificate.

    The last five state a quirk of the device that is otherwise found out and remembered.
    """

    name: str = Field(min_length=1)
    vendor: Literal["hikvision", "dahua", "onvif", "auto"]
    host: Annotated[str, AfterValidator(host_name)]
    http_port: Port = 80
    rtsp_port: Port = 554
    https: bool = False
    tls_sha256: Annotated[str, AfterValidator(fingerprint)] = ""
    username: str = Field(min_length=1)
    password: SecretStr
    timezone: Annotated[str, AfterValidator(lambda value: time_zone(value) if value else value)] = ""
    max_parallel: int = Field(default=4, ge=1, le=32)
    time_mode: TimeMode = "auto"
    search_body: SearchBody = "auto"
    paging_field: PagingField = "auto"
    find_base: FindBase = "auto"
    export_method: ExportMethod = "auto"


class CameraSettings(_Table):
    """`[[cameras]]`: one camera.

    `near` names the codes of cameras that see a part of the same place; `added` is the day since which it
    records, for a camera that came later than the others.
    """

    code: str = Field(min_length=1)
    name: str = Field(min_length=1)
    recorder: str
    channel: int = Field(ge=1)
    aliases: tuple[str, ...] = ()
    area: str = ""
    owner: str = ""
    teaching_area: bool = False
    near: tuple[str, ...] = ()
    added: date | None = None


class Limits(_Table):
    """`[limits]`: the numbers that the regulation leaves open."""

    max_request_minutes: int = Field(default=45, ge=1, le=24 * 60)
    max_live_clip_seconds: int = Field(default=30, ge=1, le=300)
    guard_live_clip_seconds: int = Field(default=15, ge=1, le=300)
    default_live_clip_seconds: int = Field(default=10, ge=1, le=300)
    open_requests_per_person: int = Field(default=10, ge=1)
    decide_within_days: int = Field(default=7, ge=1)
    retention_days: int = Field(default=20, ge=1)
    keep_copies_days: int = Field(default=90, ge=1)


class Summary(_Table):
    """`[summary]`: when recorders are measured and the morning summary is sent, in the school's clock.

    The first measurement of a day is spread over `spread_minutes`; the others run through at once, one
    search at a time.
    """

    at: Annotated[str, AfterValidator(lambda value: clock_time(value) if value else value)] = "06:30"
    measure_at: Annotated[str, AfterValidator(clock_times)] = "01:00, 06:15, 10:00, 14:00, 18:00"
    spread_minutes: int = Field(default=240, ge=0, le=12 * 60)


class Incidents(_Table):
    """`[incidents]`: when an incident is told to whom, and what is kept of it."""

    second_message_minutes: int = Field(default=5, ge=1, le=60)
    next_people_minutes: int = Field(default=5, ge=1, le=60)
    unfinished_minutes: int = Field(default=3, ge=1, le=60)
    emergency_unfinished_seconds: int = Field(default=60, ge=10, le=600)
    hold_before_minutes: int = Field(default=10, ge=1, le=20)
    hold_after_minutes: int = Field(default=10, ge=1, le=20)
    most_cameras: int = Field(default=3, ge=1, le=8)
    add_within_minutes: int = Field(default=15, ge=1, le=120)


class Paths(_Table):
    """`[paths]`: the folder of all state."""

    state: Path = Path("var")


class MediaTools(_Table):
    """`[media]`: which ffmpeg; empty: the one that comes with the packages."""

    ffmpeg: str = ""


class Log(_Table):
    """`[log]`: how much is logged."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(BaseSettings):
    """Everything that can be set, checked."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    school: School = School()
    database: Database = Database()
    web: Web = Web()
    telegram: Telegram = Telegram()
    zalo_bot: ZaloBot = ZaloBot()
    zalo_oa: ZaloOa = ZaloOa()
    recorders: tuple[RecorderEntry, ...] = ()
    cameras: tuple[CameraSettings, ...] = ()
    limits: Limits = Limits()
    summary: Summary = Summary()
    incidents: Incidents = Incidents()
    paths: Paths = Paths()
    media: MediaTools = MediaTools()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` gathered: it knows the environment that it was handed, and names unknown keys."""
        return (init_settings,)

    @property
    def jobs_url(self) -> str:
        """Where the job engine keeps its state: beside the SQLite file, or in the same PostgreSQL."""
        if not self.database.url.startswith(SQLITE):
            return self.database.url
        path = Path(self.database.url.removeprefix(SQLITE))
        return SQLITE + str(path.with_name(f"{path.stem}-jobs{path.suffix or '.db'}"))

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = [*_recorder_problems(self), *_camera_problems(self)]
        if self.telegram.mode == "webhook" and not self.web.public_url:
            problems.append("telegram.mode: webhook cần web.public_url (webhook needs web.public_url)")
        if problems:
            raise SettingsError(tuple(problems))
        return self


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the file (none: only defaults) and the environment.

    Raises:
        SettingsError: with a sentence for each thing to put right. Its text never shows a secret.
    """
    raw = gathered(path, environ)
    try:
        return Settings(**raw)
    except ValidationError as error:
        # The original error shows what was given, secrets too.
        raise SettingsError(in_words(error, raw, Settings)) from None


def _recorder_problems(settings: Settings) -> list[str]:
    names = [recorder.name for recorder in settings.recorders]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [
        *(f"recorders[{name}].name: tên này dùng hai lần (used twice)" for name in twice),
        *(
            f"recorders[{recorder.name}].tls_sha256: chỉ dùng khi https = true (needs https = true)"
            for recorder in settings.recorders
            if recorder.tls_sha256 and not recorder.https
        ),
    ]


def _camera_problems(settings: Settings) -> list[str]:
    problems = []
    recorders = {recorder.name for recorder in settings.recorders}
    codes = [camera.code.casefold() for camera in settings.cameras]
    for camera in settings.cameras:
        where = f"cameras[{camera.code}]"
        if camera.recorder not in recorders:
            problems.append(
                f"{where}.recorder: không có đầu ghi tên {camera.recorder!r} (no recorder has this name)"
            )
        if codes.count(camera.code.casefold()) > 1:
            problems.append(f"{where}.code: mã này dùng hai lần (used twice)")
        problems += [
            f"{where}.near: không có camera {near!r} (no camera has this code)"
            for near in camera.near
            if near.casefold() not in codes
        ]
    return sorted(set(problems), key=problems.index)
