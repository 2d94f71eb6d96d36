"""Textual bindings made from commands."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

from wgtui.ui.commands import Command, key_label


def bindings_of(commands: Iterable[Command]) -> list[Binding]:
    """One binding a command, all of its keys in it."""
    return [
        Binding(
            ",".join(command.keys),
            command.action,
            command.label,
            show=command.footer,
            key_display=key_label(command.keys[0]),
            tooltip=command.help,
            priority=command.priority,
            id=command.name,
        )
        for command in commands
    ]
