"""Who the bot is: getMe, getChat, command menu, name and descriptions."""

import json
import re
from typing import Any

from simulator.telegram.call import Call
from simulator.telegram.errors import bad_request
from simulator.telegram.methods.table import Method
from simulator.telegram.model import Command
from simulator.telegram.wire import chat_json
from simulator.telegram.world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_COMMANDS_LIMIT = 100
_SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)


async def _get_me(world: World, _call: Call) -> object:
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def _get_chat(world: World, call: Call) -> object:
    chat = world.chat(call.text("chat_id"))
    return {
        **chat_json(chat.user_id, chat.first_name),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }


def command_key(scope: Any, language_code: str) -> tuple[str, str]:
    """Where a list of commands is kept: its scope in one canonical line, and the language."""
    return json.dumps(scope or {"type": "default"}, sort_keys=True), language_code


def commands_for(world: World, user_id: int, language_code: str = "vi") -> tuple[Command, ...]:
    """The menu that a person sees, by the order of core.telegram.org/bots/api#botcommandscope."""
    for scope in ({"type": "chat", "chat_id": user_id}, {"type": "all_private_chats"}, {"type": "default"}):
        for language in (language_code, ""):
            found = world.commands.get(command_key(scope, language))
            if found:
                return found
    return ()


def _scope_of(call: Call) -> tuple[str, str]:
    scope = call.structure("scope")
    if scope is not None and (not isinstance(scope, dict) or scope.get("type") not in _SCOPES):
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if scope and "chat_id" in scope:
        scope = {**scope, "chat_id": int(scope["chat_id"])}
    return command_key(scope, call.text("language_code"))


async def _set_commands(world: World, call: Call) -> object:
    raw = call.structure("commands")
    if not isinstance(raw, list):
        raise bad_request("can't parse commands: expected an Array")
    if len(raw) > _COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = tuple(_command(item) for item in raw)
    world.commands[_scope_of(call)] = commands
    world.bell.ring()
    return True


def _command(item: Any) -> Command:
    if not isinstance(item, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(item.get("command") or "").removeprefix("/")
    description = str(item.get("description") or "").strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return Command(name, description)


async def _get_commands(world: World, call: Call) -> object:
    return [
        {"command": command.command, "description": command.description}
        for command in world.commands.get(_scope_of(call), ())
    ]


async def _delete_commands(world: World, call: Call) -> object:
    world.commands.pop(_scope_of(call), None)
    world.bell.ring()
    return True


def _setter(field: str, limit: int) -> Method:
    async def change(world: World, call: Call) -> object:
        text = call.text(field)
        if len(text) > limit:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        world.profile[field, call.text("language_code")] = text
        world.bell.ring()
        return True

    return change


def _getter(field: str) -> Method:
    async def look(world: World, call: Call) -> object:
        return {field: world.profile.get((field, call.text("language_code")), "")}

    return look


PROFILE: dict[str, Method] = {
    "getMe": _get_me,
    "getChat": _get_chat,
    "setMyCommands": _set_commands,
    "getMyCommands": _get_commands,
    "deleteMyCommands": _delete_commands,
    "setMyName": _setter("name", 64),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description", 512),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description", 120),
    "getMyShortDescription": _getter("short_description"),
}
