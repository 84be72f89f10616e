"""Every command of the chat and of the command line is documented, and none that is not there."""

from collections.abc import Iterator

import pytest
from cyclopts import App

from bot.cli import audit, backup, cameras, doctor, main, people, recorder, retention, understand
from handlers.registry import COMMANDS, MENU
from tests.docs.pages import codes, page, rows, section


def chat_rows() -> list[list[str]]:
    return rows(section(page("commands.md"), "## Trong khung chat"))


def shell_rows() -> list[list[str]]:
    return rows(section(page("commands.md"), "## Trên máy chủ"))


@pytest.fixture(scope="module")
def program() -> App:
    """The command line with every group, on an app of its own: registering twice is refused."""
    app = App(name="truccam")
    for command in (main.run, main.demo):
        app.command(command)
    for group in (people, cameras, retention, audit, understand, doctor, recorder, backup):
        group.register(app)
    return app


def commands_of(app: App, before: str = "./truccam") -> Iterator[str]:
    for name in app:
        if name.startswith("-"):
            continue
        deeper = list(commands_of(app[name], f"{before} {name}"))
        yield from deeper or [f"{before} {name}"]


def test_every_chat_command_and_its_other_name_is_documented() -> None:
    documented = [name for row in chat_rows() for name in (*codes(row[0]), *codes(row[1]))]
    assert sorted(documented) == sorted(f"/{name}" for name in COMMANDS)


def test_names_in_one_row_do_the_same() -> None:
    for row in chat_rows():
        names = [name.removeprefix("/") for name in (*codes(row[0]), *codes(row[1]))]
        assert len({COMMANDS[name] for name in names}) == 1, names


def test_every_command_of_the_menu_is_a_main_name() -> None:
    main_names = {codes(row[0])[0] for row in chat_rows()}
    assert {f"/{name}" for name, _ in MENU} <= main_names


def test_every_command_of_the_shell_is_documented(program: App) -> None:
    assert sorted(codes(row[0])[0] for row in shell_rows()) == sorted(commands_of(program))


def test_the_list_of_groups_here_is_the_programs(program: App) -> None:
    for name in main.app:
        assert name in set(program), f"{name} is registered elsewhere: add its group to `program`"


def test_what_a_command_does_is_said_in_vietnamese(program: App) -> None:
    for name in program:
        if not name.startswith("-"):
            assert not program[name].help.isascii(), f"{name}: {program[name].help}"
