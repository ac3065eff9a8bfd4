"""Every command and option says what it does, in Chinese and in English."""

import re
from collections.abc import Iterator

import click
import pytest

from competition.cli import COMMANDS, group


def commands() -> Iterator[tuple[str, click.Command]]:
    ctx = click.Context(group)
    for name in COMMANDS:
        command = group.get_command(ctx, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {child}", each) for child, each in command.commands.items())


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_help_is_said_in_both_languages(name: str, command: click.Command) -> None:
    helps = [command.help or ""]
    helps += [option.help or "" for option in command.params if isinstance(option, click.Option)]
    assert [text for text in helps if not re.search(r"[\u4e00-\u9fff].* / .*[a-z]", text, re.DOTALL)] == []


def test_list_names_every_command_once() -> None:
    listing = group.get_help(click.Context(group))
    assert [name for name in COMMANDS if f"\n  {name} " not in listing] == []
