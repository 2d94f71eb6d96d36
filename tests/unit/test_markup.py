"""No name out of a file can become markup on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.markup_rules import problems

UI = Path(__file__).resolve().parents[2] / "wgtui" / "ui"

UNSAFE = [
    "f'[bold]{name}[/bold]'",
    "f'[{style}]{name}[/]'",
    "f'[$warning]{name}'",
    "f\"[@click=app.show('{name}')]open\"",
    "'[dim]' + name",
    "'[bold]%s[/]' % name",
    "'[b]{}[/b]'.format(name)",
    "Static(f'peer {name}')",
    "Label('peer ' + name)",
    "self.query_one('#a').update(f'{name} left')",
    "self.notify(f'{name} saved')",
    "self.notify(text)",
    "Content.from_markup(text)",
    "Text.from_markup(f'{name}')",
    "self.border_title = f'{name}'",
    "pane.tooltip = 'peer %s' % name",
    "Static(f'{name}', markup=True)",
]
SAFE = [
    "f'{host}:{port}'",
    "f'[{address}]:{port}'",
    "f'peers[{index}]'",
    "'[bold]help[/bold]'",
    "Static('[bold]help[/bold]')",
    "Static(text)",
    "Static(f'peer {name}', markup=False)",
    "self.notify('saved')",
    "self.notify(text, markup=False)",
    "Content.from_markup('[bold]$name[/bold]', name=name)",
    "self.border_title = 'Peers'",
    "self.counts.update(values)",
    "total = count + 1",
]


@pytest.mark.parametrize("line", UNSAFE)
def test_the_check_sees_data_that_becomes_markup(line: str) -> None:
    assert problems(line)


@pytest.mark.parametrize("line", SAFE)
def test_the_check_leaves_the_safe_ways_alone(line: str) -> None:
    assert problems(line) == []


def test_no_ui_module_makes_markup_out_of_data() -> None:
    modules = sorted(UI.rglob("*.py"))
    assert modules
    found = [f"{path.relative_to(UI)}:{text}" for path in modules for text in problems(path.read_text())]
    assert found == []
