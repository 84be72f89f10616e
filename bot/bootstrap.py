"""The one place that names concrete classes: settings in, a whole school out."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.channels.base import Channel, Hook
from bot.channels.telegram import TelegramChannel, TelegramWebhook
from bot.deliver import Deliverer
from bot.dispatch import Dispatch
from bot.render import phrase
from bot.settings import CameraSettings, Settings, SettingsError
from domain.cameras import Camera
from domain.chat import Account, Attachment
from domain.incidents import IncidentRules
from domain.measuring import Times
from domain.people import INVITATION_ALPHABET, INVITATION_LENGTH
from domain.requests import RequestLimits, code_of
from domain.vietnamese.camera_index import CameraIndex
from handlers.alarm import recorder_state
from handlers.ports import AttachmentError, Cameras, Tools
from handlers.registry import FOLLOW_UPS
from nvr_client.factory import VENDORS, RecorderSettings, connect
from nvr_client.shared import SharedRecorder
from storage.store import Store
from storage.vault import Vault

_WEBHOOK_NAME = "webhook_name:telegram"
_WEBHOOK_SECRET = "webhook_secret:telegram"  # noqa: S105 - the fact's name
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class School:
    """Everything that works together; made by `school`, closed by leaving it."""

    settings: Settings
    store: Store
    vault: Vault
    tools: Tools
    channels: Mapping[str, Channel]
    hooks: tuple[Hook, ...]
    dispatch: Dispatch
    deliverer: Deliverer


def now() -> datetime:
    """The true time. Handed into everything that needs one; tests hand in another."""
    return datetime.now(UTC)


def secret_code() -> str:
    """A code that people can read out and nobody can guess."""
    return "".join(secrets.choice(INVITATION_ALPHABET) for _ in range(INVITATION_LENGTH))


@asynccontextmanager
async def school(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = now,
) -> AsyncIterator[School]:
    """Open the database, the vault, the recorders and the channels, and join them. Nothing runs yet."""
    zone = ZoneInfo(settings.school.timezone)
    store = await Store.open(settings.database.url)
    await store.migrate()
    vault = Vault(settings.paths.state)
    states = _RecorderStates()
    recorders = {
        recorder.name: connect(recorder, now=clock, on_state=states.noticed)
        for recorder in recorder_settings(settings)
    }
    webhook = await telegram_webhook(settings, store)
    channels = channels_of(settings, clock, webhook)
    tools = tools_of(settings, store, vault, recorders, channels, clock)
    states.tools = tools
    dispatch = Dispatch(store, tools, channels)
    deliverer = Deliverer(
        store=store, channels=channels, vault=vault, follow_ups=FOLLOW_UPS, zone=zone, now=clock
    )
    try:
        hooks = () if webhook is None else (webhook,)
        yield School(settings, store, vault, tools, channels, hooks, dispatch, deliverer)
    finally:
        for channel in channels.values():
            await channel.aclose()
        for recorder in recorders.values():
            await recorder.aclose()
        await states.aclose()
        await store.aclose()


def tools_of(
    settings: Settings,
    store: Store,
    vault: Vault,
    recorders: Mapping[str, SharedRecorder],
    channels: Mapping[str, Channel],
    clock: Callable[[], datetime],
) -> Tools:
    """What every handler and job is given."""
    zone = ZoneInfo(settings.school.timezone)
    all_cameras = cameras_of(settings)
    return Tools(
        begin=store.begin,
        reading=store.reading,
        cameras=Cameras(all_cameras, recorders, CameraIndex(all_cameras)),
        vault=vault,
        attachments=_Attachments(channels),
        now=clock,
        limits=limits_of(settings),
        zone=zone,
        school=settings.school.name,
        secret_code=secret_code,
        upload_limit_bytes=min(
            (channel.can.upload_limit_bytes for channel in channels.values()), default=50_000_000
        ),
        ffmpeg=settings.media.ffmpeg or None,
        phrase=lambda text, language: phrase(text, language, zone),
        rules=rules_of(settings),
        number=partial(_number, store, zone, clock),
        times=times_of(settings),
    )


def channels_of(
    settings: Settings, clock: Callable[[], datetime], webhook: TelegramWebhook | None = None
) -> dict[str, Channel]:
    """The channels whose token is set."""
    channels: dict[str, Channel] = {}
    telegram = settings.telegram
    if token := telegram.token.get_secret_value():
        channels["telegram"] = TelegramChannel(
            token=token, now=clock, api_base=telegram.api_base, proxy=telegram.proxy, webhook=webhook
        )
    return channels


async def telegram_webhook(settings: Settings, store: Store) -> TelegramWebhook | None:
    """Where Telegram leaves updates, the same after each start; None where we ask for them."""
    telegram = settings.telegram
    if telegram.mode != "webhook" or not telegram.token.get_secret_value():
        return None
    async with store.begin() as uow:
        name = await uow.facts.get(_WEBHOOK_NAME) or secrets.token_urlsafe(24)
        secret = await uow.facts.get(_WEBHOOK_SECRET) or secrets.token_urlsafe(32)
        await uow.facts.put(_WEBHOOK_NAME, name)
        await uow.facts.put(_WEBHOOK_SECRET, secret)
        await uow.commit()
    return TelegramWebhook(public_url=settings.web.public_url, name=name, secret=secret)


def limits_of(settings: Settings) -> RequestLimits:
    """The numbers that the regulation leaves open."""
    limits = settings.limits
    return RequestLimits(
        max_length=timedelta(minutes=limits.max_request_minutes),
        max_live_clip=timedelta(seconds=limits.max_live_clip_seconds),
        guard_live_clip=timedelta(seconds=limits.guard_live_clip_seconds),
        default_live_clip=timedelta(seconds=limits.default_live_clip_seconds),
        open_per_person=limits.open_requests_per_person,
        decide_within=timedelta(days=limits.decide_within_days),
        retention_days=limits.retention_days,
        keep_copies=timedelta(days=limits.keep_copies_days),
    )


def times_of(settings: Settings) -> Times:
    """When recorders are measured and the summary is sent."""
    summary = settings.summary
    return Times(
        summary_at=time.fromisoformat(summary.at) if summary.at else None,
        measure_at=tuple(time.fromisoformat(at) for at in summary.measure_at.split(", ") if at),
        spread=timedelta(minutes=summary.spread_minutes),
    )


def rules_of(settings: Settings) -> IncidentRules:
    """When an incident is told to whom, and what is kept of it."""
    incidents = settings.incidents
    return IncidentRules(
        second_message_after=timedelta(minutes=incidents.second_message_minutes),
        next_people_after=timedelta(minutes=incidents.next_people_minutes),
        unfinished_after=timedelta(minutes=incidents.unfinished_minutes),
        emergency_unfinished_after=timedelta(seconds=incidents.emergency_unfinished_seconds),
        hold_before=timedelta(minutes=incidents.hold_before_minutes),
        hold_after=timedelta(minutes=incidents.hold_after_minutes),
        most_cameras=incidents.most_cameras,
        add_within=timedelta(minutes=incidents.add_within_minutes),
    )


def recorder_settings(settings: Settings) -> list[RecorderSettings]:
    """The recorders as their library wants them; raises `SettingsError` for a vendor not spoken yet."""
    for recorder in settings.recorders:
        if recorder.vendor not in VENDORS:
            raise SettingsError(
                (f"recorders[{recorder.name}].vendor: chưa hỗ trợ {recorder.vendor} (not supported yet)",)
            )
    return [
        RecorderSettings(
            name=recorder.name,
            vendor=recorder.vendor,
            host=recorder.host,
            http_port=recorder.http_port,
            rtsp_port=recorder.rtsp_port,
            username=recorder.username,
            password=recorder.password.get_secret_value(),
            timezone=recorder.timezone or settings.school.timezone,
            max_parallel=recorder.max_parallel,
            time_mode=None if recorder.time_mode == "auto" else recorder.time_mode,
            search_body=recorder.search_body,
            paging_field=recorder.paging_field,
            find_base=recorder.find_base,
            export_method=recorder.export_method,
            https=recorder.https,
            tls_sha256=recorder.tls_sha256 or None,
            ffmpeg=settings.media.ffmpeg or None,
        )
        for recorder in settings.recorders
    ]


def cameras_of(settings: Settings) -> tuple[Camera, ...]:
    """The registry of cameras."""
    return tuple(_camera(camera) for camera in settings.cameras)


def _camera(camera: CameraSettings) -> Camera:
    return Camera(
        code=camera.code,
        name=camera.name,
        recorder=camera.recorder,
        channel=camera.channel,
        aliases=tuple(camera.aliases),
        area=camera.area,
        owner=camera.owner,
        teaching_area=camera.teaching_area,
        added=camera.added,
        near=tuple(camera.near),
    )


async def _number(store: Store, zone: ZoneInfo, clock: Callable[[], datetime], prefix: str) -> str:
    """The next code of a kind, in a transaction of its own: a picture may fail, its number stays used."""
    year = clock().astimezone(zone).year
    async with store.begin() as uow:
        number = await uow.counters.next(prefix, year)
        await uow.commit()
    return code_of(prefix, year, number)


class _RecorderStates:
    """A recorder was lost, is back, or has refused us: one line in the log and one message to IT staff."""

    def __init__(self) -> None:
        self.tools: Tools | None = None
        self._telling: set[asyncio.Task[None]] = set()

    def noticed(self, name: str, state: str) -> None:
        """Called once per change by the recorder's client; quick."""
        log.warning("recorder.state", recorder=name, state=state)
        if self.tools is not None:
            task = asyncio.create_task(recorder_state(self.tools, name, state))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def aclose(self) -> None:
        """Let the last one be told."""
        await asyncio.gather(*self._telling, return_exceptions=True)


class _Attachments:
    """`handlers.ports.Attachments` over the channels."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels

    async def fetch(self, account: Account, attachment: Attachment, target: Path) -> None:
        channel = self._channels.get(account.channel)
        if channel is None:
            raise AttachmentError("the channel is off")
        await channel.fetch(attachment, target)
