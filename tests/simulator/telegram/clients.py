"""Two Bot API clients that this project did not write, behind one face.

python-telegram-bot is what the bot uses. aiogram is strict: its models refuse updates and answers that
lack a field or have a wrong type, so it is the oracle for what the simulator sends.
"""

from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import aiogram
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError, TelegramRetryAfter
from aiogram.types import (
    BotCommand,
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyParameters,
)
from telegram.request import HTTPXRequest

T = TypeVar("T")
Json = dict[str, Any]
Rows = Sequence[Sequence[tuple[str, str]]]


class Refused(Exception):
    """The server said no."""

    def __init__(self, description: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(description)
        self.description = description
        self.retry_after_seconds = retry_after_seconds


@contextmanager
def refused(words: str) -> Iterator[None]:
    """The server's own words are `words`; clients differ in prefix and first letter."""
    with pytest.raises(Refused) as caught:
        yield
    said = caught.value.description.removeprefix("Telegram server says - ").removeprefix("Bad Request: ")
    assert said.casefold().endswith(words.casefold()), f"{said!r} instead of {words!r}"


def bytes_of(path: Path) -> bytes:
    return path.read_bytes()


class Unreachable(Exception):
    """No answer came."""


class Client(Protocol):
    """What the contract tests need of a client; answers are the Bot API's own objects."""

    name: str

    async def me(self) -> Json: ...
    async def updates(self, offset: int = 0, timeout_seconds: int = 0) -> list[Json]: ...
    async def send(
        self,
        chat_id: int,
        text: str,
        *,
        rows: Rows = (),
        parse_mode: str | None = None,
        protect: bool = False,
        reply_to: int | None = None,
    ) -> Json: ...
    async def send_file(
        self, kind: str, chat_id: int, file: Path | str, caption: str = "", *, protect: bool = False
    ) -> Json: ...
    async def send_album(self, chat_id: int, files: Sequence[Path], caption: str) -> list[Json]: ...
    async def act(self, chat_id: int, action: str) -> None: ...
    async def edit_text(self, chat_id: int, message_id: int, text: str, *, rows: Rows = ()) -> Json: ...
    async def edit_caption(self, chat_id: int, message_id: int, caption: str, *, rows: Rows = ()) -> Json: ...
    async def edit_photo(self, chat_id: int, message_id: int, file: Path, caption: str) -> Json: ...
    async def edit_rows(self, chat_id: int, message_id: int, rows: Rows) -> Json: ...
    async def delete(self, chat_id: int, message_id: int) -> None: ...
    async def answer(self, query_id: str, text: str = "", *, alert: bool = False) -> None: ...
    async def forward(self, chat_id: int, from_chat_id: int, message_id: int) -> Json: ...
    async def copy(self, chat_id: int, from_chat_id: int, message_id: int) -> int: ...
    async def download(self, file_id: str) -> bytes: ...
    async def chat(self, chat_id: int) -> Json: ...
    async def set_commands(self, commands: Sequence[tuple[str, str]]) -> None: ...
    async def commands(self) -> list[tuple[str, str]]: ...
    async def set_webhook(self, url: str, secret: str) -> None: ...
    async def delete_webhook(self) -> None: ...
    async def webhook_info(self) -> Json: ...
    async def aclose(self) -> None: ...


def _no_answer(words: str) -> Exception:
    """Both clients count the answer 413 as trouble of the network."""
    return Refused(words) if words == "Request Entity Too Large" else Unreachable(words)


async def _ptb(call: Awaitable[T]) -> T:
    try:
        return await call
    except telegram.error.RetryAfter as error:
        wait = error.retry_after
        seconds = wait if isinstance(wait, int) else int(wait.total_seconds())
        raise Refused(str(error), seconds) from error
    except (telegram.error.BadRequest, telegram.error.Forbidden, telegram.error.Conflict) as error:
        raise Refused(str(error)) from error
    except telegram.error.InvalidToken as error:
        raise Refused(str(error)) from error
    except telegram.error.NetworkError as error:
        raise _no_answer(str(error)) from error
    except telegram.error.TelegramError as error:
        raise Refused(str(error)) from error


def _ptb_rows(rows: Rows) -> telegram.InlineKeyboardMarkup:
    return telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in rows]
    )


@dataclass
class PtbClient:
    """python-telegram-bot."""

    bot: telegram.Bot
    name: str = "python-telegram-bot"

    @classmethod
    async def connect(cls, base_url: str, token: str) -> "PtbClient":
        bot = telegram.Bot(
            token,
            base_url=f"{base_url}/bot",
            base_file_url=f"{base_url}/file/bot",
            request=HTTPXRequest(connection_pool_size=32, httpx_kwargs={"trust_env": False}),
            get_updates_request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
        )
        # initialize() would call getMe, which half of the tests want to fail.
        for request in bot._request:
            await request.initialize()
        return cls(bot)

    async def me(self) -> Json:
        return (await _ptb(self.bot.get_me())).to_dict()

    async def updates(self, offset: int = 0, timeout_seconds: int = 0) -> list[Json]:
        found = await _ptb(self.bot.get_updates(offset=offset, timeout=timeout_seconds))
        return [update.to_dict() for update in found]

    async def send(
        self,
        chat_id: int,
        text: str,
        *,
        rows: Rows = (),
        parse_mode: str | None = None,
        protect: bool = False,
        reply_to: int | None = None,
    ) -> Json:
        call = self.bot.send_message(
            chat_id,
            text,
            parse_mode=parse_mode,
            protect_content=protect,
            reply_markup=_ptb_rows(rows) if rows else None,
            reply_parameters=telegram.ReplyParameters(reply_to) if reply_to else None,
        )
        return (await _ptb(call)).to_dict()

    async def send_file(
        self, kind: str, chat_id: int, file: Path | str, caption: str = "", *, protect: bool = False
    ) -> Json:
        send: Any = getattr(self.bot, f"send_{kind}")
        message: telegram.Message = await _ptb(send(chat_id, file, caption=caption, protect_content=protect))
        return message.to_dict()

    async def send_album(self, chat_id: int, files: Sequence[Path], caption: str) -> list[Json]:
        media = [telegram.InputMediaPhoto(bytes_of(file)) for file in files]
        messages = await _ptb(self.bot.send_media_group(chat_id, media, caption=caption))
        return [message.to_dict() for message in messages]

    async def act(self, chat_id: int, action: str) -> None:
        await _ptb(self.bot.send_chat_action(chat_id, action))

    async def edit_text(self, chat_id: int, message_id: int, text: str, *, rows: Rows = ()) -> Json:
        call = self.bot.edit_message_text(text, chat_id, message_id, reply_markup=_ptb_rows(rows))
        return _edited(await _ptb(call))

    async def edit_caption(self, chat_id: int, message_id: int, caption: str, *, rows: Rows = ()) -> Json:
        call = self.bot.edit_message_caption(
            chat_id, message_id, caption=caption, reply_markup=_ptb_rows(rows)
        )
        return _edited(await _ptb(call))

    async def edit_photo(self, chat_id: int, message_id: int, file: Path, caption: str) -> Json:
        media = telegram.InputMediaPhoto(bytes_of(file), caption=caption)
        return _edited(await _ptb(self.bot.edit_message_media(media, chat_id, message_id)))

    async def edit_rows(self, chat_id: int, message_id: int, rows: Rows) -> Json:
        call = self.bot.edit_message_reply_markup(chat_id, message_id, reply_markup=_ptb_rows(rows))
        return _edited(await _ptb(call))

    async def delete(self, chat_id: int, message_id: int) -> None:
        await _ptb(self.bot.delete_message(chat_id, message_id))

    async def answer(self, query_id: str, text: str = "", *, alert: bool = False) -> None:
        await _ptb(self.bot.answer_callback_query(query_id, text, show_alert=alert))

    async def forward(self, chat_id: int, from_chat_id: int, message_id: int) -> Json:
        return (await _ptb(self.bot.forward_message(chat_id, from_chat_id, message_id))).to_dict()

    async def copy(self, chat_id: int, from_chat_id: int, message_id: int) -> int:
        return (await _ptb(self.bot.copy_message(chat_id, from_chat_id, message_id))).message_id

    async def download(self, file_id: str) -> bytes:
        file = await _ptb(self.bot.get_file(file_id))
        return bytes(await file.download_as_bytearray())

    async def chat(self, chat_id: int) -> Json:
        return (await _ptb(self.bot.get_chat(chat_id))).to_dict()

    async def set_commands(self, commands: Sequence[tuple[str, str]]) -> None:
        await _ptb(self.bot.set_my_commands(list(commands)))

    async def commands(self) -> list[tuple[str, str]]:
        return [(entry.command, entry.description) for entry in await _ptb(self.bot.get_my_commands())]

    async def set_webhook(self, url: str, secret: str) -> None:
        await _ptb(self.bot.set_webhook(url, secret_token=secret))

    async def delete_webhook(self) -> None:
        await _ptb(self.bot.delete_webhook())

    async def webhook_info(self) -> Json:
        return (await _ptb(self.bot.get_webhook_info())).to_dict()

    async def aclose(self) -> None:
        for request in self.bot._request:
            await request.shutdown()


def _edited(message: "telegram.Message | bool") -> Json:
    assert isinstance(message, telegram.Message)
    return message.to_dict()


async def _strict(call: Awaitable[T]) -> T:
    try:
        return await call
    except TelegramRetryAfter as error:
        raise Refused(error.message, error.retry_after) from error
    except TelegramNetworkError as error:
        raise _no_answer(error.message) from error
    except TelegramAPIError as error:
        raise Refused(error.message) from error


def _strict_rows(rows: Rows) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=text, callback_data=data) for text, data in row] for row in rows
        ]
    )


def _plain(model: Any) -> Json:
    found: Json = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    return found


@dataclass
class AiogramClient:
    """aiogram."""

    bot: aiogram.Bot
    name: str = "aiogram"

    @classmethod
    async def connect(cls, base_url: str, token: str) -> "AiogramClient":
        session = AiohttpSession(api=TelegramAPIServer.from_base(base_url))
        return cls(aiogram.Bot(token, session=session))

    async def me(self) -> Json:
        return _plain(await _strict(self.bot.get_me()))

    async def updates(self, offset: int = 0, timeout_seconds: int = 0) -> list[Json]:
        return [
            _plain(update)
            for update in await _strict(self.bot.get_updates(offset=offset, timeout=timeout_seconds))
        ]

    async def send(
        self,
        chat_id: int,
        text: str,
        *,
        rows: Rows = (),
        parse_mode: str | None = None,
        protect: bool = False,
        reply_to: int | None = None,
    ) -> Json:
        call = self.bot.send_message(
            chat_id,
            text,
            parse_mode=parse_mode,
            protect_content=protect,
            reply_markup=_strict_rows(rows) if rows else None,
            reply_parameters=ReplyParameters(message_id=reply_to) if reply_to else None,
        )
        return _plain(await _strict(call))

    async def send_file(
        self, kind: str, chat_id: int, file: Path | str, caption: str = "", *, protect: bool = False
    ) -> Json:
        send: Any = getattr(self.bot, f"send_{kind}")
        body = FSInputFile(file) if isinstance(file, Path) else file
        return _plain(await _strict(send(chat_id, body, caption=caption, protect_content=protect)))

    async def send_album(self, chat_id: int, files: Sequence[Path], caption: str) -> list[Json]:
        media: list[Any] = [
            InputMediaPhoto(media=FSInputFile(file), caption=caption if number == 0 else None)
            for number, file in enumerate(files)
        ]
        return [_plain(message) for message in await _strict(self.bot.send_media_group(chat_id, media))]

    async def act(self, chat_id: int, action: str) -> None:
        await _strict(self.bot.send_chat_action(chat_id, action))

    async def edit_text(self, chat_id: int, message_id: int, text: str, *, rows: Rows = ()) -> Json:
        call = self.bot.edit_message_text(
            text=text, chat_id=chat_id, message_id=message_id, reply_markup=_strict_rows(rows)
        )
        return _plain(await _strict(call))

    async def edit_caption(self, chat_id: int, message_id: int, caption: str, *, rows: Rows = ()) -> Json:
        call = self.bot.edit_message_caption(
            chat_id=chat_id, message_id=message_id, caption=caption, reply_markup=_strict_rows(rows)
        )
        return _plain(await _strict(call))

    async def edit_photo(self, chat_id: int, message_id: int, file: Path, caption: str) -> Json:
        media = InputMediaPhoto(media=FSInputFile(file), caption=caption)
        call = self.bot.edit_message_media(media=media, chat_id=chat_id, message_id=message_id)
        return _plain(await _strict(call))

    async def edit_rows(self, chat_id: int, message_id: int, rows: Rows) -> Json:
        call = self.bot.edit_message_reply_markup(
            chat_id=chat_id, message_id=message_id, reply_markup=_strict_rows(rows)
        )
        return _plain(await _strict(call))

    async def delete(self, chat_id: int, message_id: int) -> None:
        await _strict(self.bot.delete_message(chat_id, message_id))

    async def answer(self, query_id: str, text: str = "", *, alert: bool = False) -> None:
        await _strict(self.bot.answer_callback_query(query_id, text=text, show_alert=alert))

    async def forward(self, chat_id: int, from_chat_id: int, message_id: int) -> Json:
        return _plain(await _strict(self.bot.forward_message(chat_id, from_chat_id, message_id)))

    async def copy(self, chat_id: int, from_chat_id: int, message_id: int) -> int:
        return (await _strict(self.bot.copy_message(chat_id, from_chat_id, message_id))).message_id

    async def download(self, file_id: str) -> bytes:
        file = await _strict(self.bot.get_file(file_id))
        assert file.file_path is not None
        stream = await self.bot.download_file(file.file_path)
        assert stream is not None
        return stream.read()

    async def chat(self, chat_id: int) -> Json:
        return _plain(await _strict(self.bot.get_chat(chat_id)))

    async def set_commands(self, commands: Sequence[tuple[str, str]]) -> None:
        await _strict(
            self.bot.set_my_commands(
                [BotCommand(command=name, description=words) for name, words in commands]
            )
        )

    async def commands(self) -> list[tuple[str, str]]:
        return [(entry.command, entry.description) for entry in await _strict(self.bot.get_my_commands())]

    async def set_webhook(self, url: str, secret: str) -> None:
        await _strict(self.bot.set_webhook(url, secret_token=secret))

    async def delete_webhook(self) -> None:
        await _strict(self.bot.delete_webhook())

    async def webhook_info(self) -> Json:
        return _plain(await _strict(self.bot.get_webhook_info()))

    async def aclose(self) -> None:
        await self.bot.session.close()
