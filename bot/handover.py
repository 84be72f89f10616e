"""Hands one message over to its channel: as an edit of what stands in its slot, or as a new message."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo

import structlog

from bot.channels.base import Channel, DeliveryError, NotSent, Receipt, Rejected, Rendered, Uncertain
from bot.failures import describe
from bot.outages import Outages
from bot.pacing import Pacing
from bot.receipts import Receipts
from bot.render import render
from handlers.ports import Vault
from storage.outbox_rows import OutboxRow, SlotMessage

log = structlog.get_logger(__name__)

_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(seconds=60)
_LONGEST_SEARCH_PAUSE = timedelta(seconds=5)


class Handover:
    """What is done with one claimed row. Every path ends with a word in `receipts`.

    Args:
        channels: by `Account.channel`.
        vault: where the files of messages lie.
        receipts: where the end is written down.
        outages: what is known about lost channels.
        pacing: turns of sending.
        zone: the school's time zone.
        now: the clock; aware times.
    """

    def __init__(
        self,
        *,
        channels: Mapping[str, Channel],
        vault: Vault,
        receipts: Receipts,
        outages: Outages,
        pacing: Pacing,
        zone: tzinfo,
        now: Callable[[], datetime],
    ) -> None:
        self._channels = channels
        self._vault = vault
        self._receipts = receipts
        self._outages = outages
        self._pacing = pacing
        self._zone = zone
        self._now = now

    async def deliver(self, row: OutboxRow) -> None:
        """A row that was just claimed."""
        channel = self._channels.get(row.account.channel)
        if channel is None:
            await self._receipts.failed(row, "no_channel")
            return
        paused_until = self._outages.paused_until(channel.name, self._now())
        if paused_until is not None:
            await self._receipts.again(row, paused_until)
            return
        message = await self._rendered(row, channel)
        if message is None:
            return
        if message.media is not None and not await asyncio.to_thread(message.media.path.is_file):
            await self._receipts.failed(row, "file_missing")
            return
        standing = _standing(row, channel)
        if standing is None or not await self._edit(row, standing, channel, message):
            await self._send(row, channel, message)

    async def settle_unfinished(self, row: OutboxRow) -> None:
        """A row that was being sent when the process ended: nobody knows whether it was."""
        channel = self._channels.get(row.account.channel)
        if channel is None:
            await self._receipts.failed(row, "no_channel")
        elif _standing(row, channel) is not None:
            # An edit does no harm when it is made twice.
            await self._receipts.again(row, self._now())
        else:
            message = await self._rendered(row, channel)
            if message is not None:
                await self._settle(row, channel, message, row.mark)

    async def _rendered(self, row: OutboxRow, channel: Channel) -> Rendered | None:
        """The message in the reader's words; None where a mistake in the code let it fail.

        One such sentence must not hold up whatever else its chat waits for.
        """
        media = row.message.media
        standing = _standing(row, channel)
        try:
            return render(
                row.message,
                tokens=row.tokens,
                language=row.language,
                zone=self._zone,
                can=channel.can,
                media_path=None if media is None else self._vault.path(media.key),
                under_media=standing is not None and standing.had_media,
            )
        except (KeyError, ValueError) as error:
            log.error("deliver.not_renderable", row=row.id, **describe(error))
            await self._receipts.failed(row, "not_renderable")
            return None

    async def _edit(self, row: OutboxRow, standing: SlotMessage, channel: Channel, message: Rendered) -> bool:
        """Change the message that stands in the slot; False where only a new one helps."""
        key = standing.message_key
        wait_seconds = self._pacing.edit_wait_seconds(row.account, key)
        if wait_seconds:
            await self._receipts.again(row, self._now() + timedelta(seconds=wait_seconds))
            return True
        try:
            await channel.edit(row.account, key, message, had_media=standing.had_media)
        except NotSent as error:
            await self._not_sent(row, channel, error)
            return True
        except Rejected as error:
            log.info("deliver.not_editable", channel=channel.name, row=row.id, why=str(error))
            return False
        self._outages.back(channel.name)
        await self._receipts.sent(row, channel, Receipt(key, standing.had_media), "edited")
        return True

    async def _send(self, row: OutboxRow, channel: Channel, message: Rendered) -> None:
        await self._pacing.turn(row.account, urgent=row.message.urgent)
        mark = channel.highest_seen()
        try:
            receipt = await channel.send(row.account, message)
        except NotSent as error:
            await self._not_sent(row, channel, error)
        except Uncertain as error:
            log.warning("deliver.uncertain", channel=channel.name, row=row.id, why=str(error))
            self._pacing.sent(row.account)
            await self._settle(row, channel, message, mark)
        except Rejected as error:
            log.warning("deliver.rejected", channel=channel.name, row=row.id, why=str(error))
            self._outages.back(channel.name)
            await self._receipts.failed(row, "rejected")
        else:
            self._pacing.sent(row.account)
            await self._arrived(row, channel, receipt)

    async def _settle(self, row: OutboxRow, channel: Channel, message: Rendered, mark: str) -> None:
        """Look whether a message arrived until the platform tells; then record it, or send it again."""
        pause = _FIRST_PAUSE
        while True:
            try:
                key = await channel.find_sent(row.account, message, mark)
            except NotSent as error:
                await asyncio.sleep((error.retry_after or pause).total_seconds())
                pause = min(pause * 2, _LONGEST_SEARCH_PAUSE)
                continue
            except DeliveryError as error:
                log.warning("deliver.rejected", channel=channel.name, row=row.id, why=str(error))
                await self._receipts.failed(row, "rejected")
                return
            if key is None:
                await self._receipts.again(row, self._now() + _pause_after(row.attempts))
            else:
                await self._arrived(row, channel, Receipt(key, message.media is not None))
            return

    async def _arrived(self, row: OutboxRow, channel: Channel, receipt: Receipt) -> None:
        self._outages.back(channel.name)
        await self._receipts.sent(row, channel, receipt, "sent")
        if row.previous is not None and channel.can.edit:
            # The newest message of a slot stands; the buttons of the one before are dead.
            try:
                await channel.drop_buttons(row.account, row.previous.message_key)
            except DeliveryError as error:
                log.info("deliver.buttons_left", channel=channel.name, row=row.id, why=str(error))

    async def _not_sent(self, row: OutboxRow, channel: Channel, error: NotSent) -> None:
        if error.retry_after is not None:
            log.info("deliver.flood", channel=channel.name, seconds=error.retry_after.total_seconds())
            await self._receipts.again(row, self._now() + error.retry_after)
        else:
            await self._receipts.again(row, self._outages.lost(channel.name, self._now(), str(error)))


def _standing(row: OutboxRow, channel: Channel) -> SlotMessage | None:
    """The message to change in place; None where a new one is to be sent.

    A file cannot be put into a message that stands already, so that a new message shows it.
    """
    in_place = channel.can.edit and row.message.media is None and not row.message.anew
    return row.previous if in_place else None


def _pause_after(attempts: int) -> timedelta:
    """The first repetition goes at once, later ones wait longer and longer."""
    if attempts <= 1:
        return timedelta()
    return min(_FIRST_PAUSE * (1 << min(attempts - 2, 10)), _LONGEST_PAUSE)
