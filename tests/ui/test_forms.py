"""Forms: typing, explaining, moving about, submitting; with the keyboard alone, at every size."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from textual import on
from textual.events import Paste
from textual.screen import Screen as TextualScreen

from tests.ui.settling import press, settle
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES, Screen, make_app, opened, relay
from wgtui.domain.errors import InvalidValue
from wgtui.domain.forms import Level, Problem
from wgtui.domain.keys import PresharedKey
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone, line
from wgtui.ui.presentation.forms import reading
from wgtui.ui.widgets.forms import (
    ChoiceField,
    Form,
    FormHeading,
    Option,
    SecretEdit,
    SecretField,
    TextAreaField,
    TextField,
    ToggleField,
)
from wgtui.ui.widgets.paragraphs import Paragraphs

SECRET = PresharedKey(bytes(range(32)))


def parse_name(text: str) -> str:
    if not text:
        raise InvalidValue("a name is needed here")
    return text


def parse_port(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or int(text) > 65535:
        raise InvalidValue(f"{text!r} is not a port: give a number from 0 to 65535")
    return int(text)


def make_form(painter: Painter) -> Form:
    return Form(
        painter,
        TextField("name", "Name", reading("name", parse_name), text="alice", hint="Lists show it."),
        TextField("port", "Listen port", reading("port", parse_port), placeholder="the kernel chooses"),
        SecretField(
            "preshared",
            "Preshared key",
            reading("preshared", PresharedKey.parse),
            generate=lambda: SECRET,
            is_set=True,
            describe=lambda _: "Both sides need the same one.",
        ),
        FormHeading(painter, "The other side"),
        ChoiceField("role", "Role", [Option("roaming", "roaming device"), Option("gateway", "LAN gateway")]),
        ChoiceField("uplink", "Uplink", [Option(f"eth{n}", f"ethernet-link-{n}") for n in range(9)]),
        ToggleField("enabled", "Enabled", on=True, texts=("part of the tunnel", "left out")),
        TextAreaField("hooks", "PostUp", reading("hooks", str.splitlines), text="echo up"),
        id="form",
    )


@dataclass
class Told:
    messages: list[str] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()


class FormHolder(TextualScreen[None]):
    """A screen of nothing but a form."""

    AUTO_FOCUS = ""

    def __init__(self, form: Form, told: Told) -> None:
        super().__init__(classes="form-screen")
        self._form = form
        self._told = told

    def compose(self) -> Any:
        yield self._form

    @on(Form.Changed)
    def _changed(self) -> None:
        self._form.show_problems(self._told.problems)

    @on(Form.Submitted)
    def _submitted(self) -> None:
        self._told.messages.append("submitted")

    @on(Form.Cancelled)
    def _cancelled(self, message: Form.Cancelled) -> None:
        self._told.messages.append(f"cancelled {message.touched}")


@dataclass
class Shown:
    screen: Screen
    form: Form
    told: Told

    def field(self, name: str) -> Any:
        return next(one for one in self.form.fields if one.name == name)

    def focused(self) -> str:
        focused = self.screen.app.focused
        assert focused is not None
        return next((node.name for node in focused.ancestors_with_self if node.name), "buttons")

    async def until(self, text: str) -> None:
        for _ in range(200):
            if text in self.screen.text():
                return
            await self.screen.pilot.pause(0.02)
        raise AssertionError(f"{text!r} never appeared in\n{self.screen.text()}")


@asynccontextmanager
async def shown(
    size: tuple[int, int] = (80, 24), make: Callable[[Painter], Form] = make_form, **options: Any
) -> AsyncIterator[Shown]:
    async with opened(relay(), size, **options) as screen:
        form, told = make(screen.app.painter), Told()
        screen.app.push_screen(FormHolder(form, told))
        await settle(screen.pilot)
        await settle(screen.pilot)
        yield Shown(screen, form, told)


@pytest.mark.parametrize("size", SIZES)
async def test_tab_and_arrows_reach_every_field_and_the_buttons(size: tuple[int, int]) -> None:
    wanted = ["name", "port", "preshared", "role", "uplink", "enabled", "hooks", "buttons"]
    for on_key, back_key in (("tab", "shift+tab"), ("down", "up")):
        async with shown(size) as form:
            seen = [form.focused()]
            for name in wanted[1:]:
                await form.screen.press(on_key)
                seen.append(form.focused())
                if name != "buttons":
                    assert form.field(name).label in form.screen.text()
            assert seen == wanted
            back = []
            for _ in wanted[1:]:
                await form.screen.press(back_key)
                back.append(form.focused())
            assert back == wanted[-2::-1]


@pytest.mark.parametrize("size", SIZES)
async def test_buttons_are_always_visible_and_labels_stand_where_they_fit(size: tuple[int, int]) -> None:
    async with shown(size) as form:
        lines = form.screen.lines()
        assert "[ Review ]" in lines[-1]
        assert "[ Cancel ]" in lines[-1]
        label = next(line for line in lines if "Name" in line)
        assert ("alice" in label) == (size[0] >= 80)
        assert "Lists show it." in form.screen.text()


async def test_a_wrong_value_is_explained_below_its_field_when_the_keys_rest() -> None:
    async with shown() as form:
        await form.screen.press("down", *"7x")
        assert "is not a port" not in form.screen.text()
        await form.until("'7x' is not a port: give a number from 0 to 65535.")
        lines = form.screen.lines()
        row = next(number for number, line in enumerate(lines) if "Listen port" in line)
        assert "is not a port" in lines[row + 1]
        await form.screen.press("backspace")
        assert "is not a port" not in form.screen.text()
        assert form.field("port").value == 7


async def test_a_wrong_value_is_explained_at_once_when_the_field_is_left() -> None:
    async with shown() as form:
        await form.screen.press("down", "x", "down")
        assert "'x' is not a port" in form.screen.text()


@pytest.mark.parametrize("grown", ["name", "role", "hooks"])
async def test_what_grows_does_not_push_the_field_of_the_keys_out_of_view(grown: str) -> None:
    async with shown((60, 20)) as form:
        await form.screen.press(*["down"] * 6)
        assert form.focused() == "hooks"
        form.field(grown).query_one(".problems", Paragraphs).say(
            lambda _width: [line((f"remark {number}", Tone.TEXT)) for number in range(5)]
        )
        await settle(form.screen.pilot)
        for text in ("echo up", *(["remark 4"] if grown == "hooks" else [])):
            await form.until(text)


async def test_submitting_goes_to_the_first_field_that_is_wrong() -> None:
    async with shown((60, 20)) as form:
        await form.screen.press("ctrl+u", "down", "x", *["down"] * 5, "ctrl+s")
        assert form.focused() == "name"
        assert "A name is needed here." in form.screen.text()
        assert form.told.messages == []
        await form.screen.press(*"bob", "ctrl+s")
        assert form.focused() == "port"
        await form.screen.press("backspace", "ctrl+s")
        assert form.told.messages == ["submitted"]
        assert [form.field(name).value for name in ("name", "port")] == ["bob", 0]


async def test_problems_of_several_fields_stand_at_their_fields_and_errors_keep_the_form() -> None:
    async with shown() as form:
        form.told.problems = (
            Problem("name", "Another peer is called alic.", Level.ERROR),
            Problem("role", "A gateway needs a LAN.", Level.WARNING),
            Problem("", "The tunnel is full.", Level.WARNING),
        )
        await form.screen.press("backspace")
        for problem in form.told.problems:
            assert problem.text in form.screen.text()
        await form.screen.press("ctrl+s")
        assert form.told.messages == []
        form.told.problems = form.told.problems[1:]
        await form.screen.press("x", "ctrl+s")
        assert form.told.messages == ["submitted"]


async def test_escape_tells_whether_something_was_typed() -> None:
    async with shown() as form:
        await form.screen.press("escape", "x", "escape", "backspace", "escape")
        assert form.told.messages == ["cancelled False", "cancelled True", "cancelled False"]


async def test_buttons_submit_and_cancel() -> None:
    async with shown() as form:
        await form.screen.press("shift+tab", "enter", "right", "enter")
        assert form.told.messages == ["submitted", "cancelled False"]


async def test_choices_and_switches() -> None:
    async with shown((120, 36)) as form:
        await form.screen.press("down", "down", "down", "right")
        assert form.field("role").value == "gateway"
        await form.screen.press("r")
        assert form.field("role").value == "roaming"
        assert not form.field("role").is_changed
        await form.screen.press("down", "left")
        assert form.field("uplink").value == "eth8"
        assert "9 of 9" in form.screen.text()
        await form.screen.press("down", "space")
        assert form.field("enabled").value is False
        assert "left out" in form.screen.text()


async def test_lines_are_typed_and_left_at_their_ends() -> None:
    async with shown() as form:
        await form.screen.press(*["down"] * 6, "end", "enter", *"echo", "up")
        assert form.focused() == "hooks"
        assert form.field("hooks").value == ["echo up", "echo"]
        await form.screen.press("up")
        assert form.focused() == "enabled"


class TestSecrets:
    """A key is made, pasted, removed, kept; it is nowhere to be seen."""

    async def go(self, form: Shown) -> None:
        await form.screen.press("down", "down")
        assert "set, not shown" in form.screen.text()

    async def test_a_new_one(self) -> None:
        async with shown() as form:
            await self.go(form)
            await form.screen.press("g")
            assert form.field("preshared").value == SecretEdit(keep=False, secret=SECRET)
            assert "new, generated, not shown" in form.screen.text()
            assert "Both sides need the same one." in form.screen.text()
            assert SECRET.reveal() not in form.screen.text()
            await form.screen.press("k")
            assert form.field("preshared").value == SecretEdit()

    async def test_none(self) -> None:
        async with shown() as form:
            await self.go(form)
            await form.screen.press("x")
            assert form.field("preshared").value == SecretEdit(keep=False)
            assert "none" in form.screen.text()

    @pytest.mark.parametrize("opens_entry", [False, True])
    async def test_a_pasted_one(self, opens_entry: bool) -> None:
        async with shown() as form:
            await self.go(form)
            if opens_entry:
                await form.screen.press("p")
            focused = form.screen.app.focused
            assert focused is not None
            focused.post_message(Paste(SECRET.reveal() + "\n"))
            await settle(form.screen.pilot)
            if opens_entry:
                assert "*****" in form.screen.text()
                await form.screen.press("ctrl+c", "enter")
            assert form.field("preshared").value == SecretEdit(keep=False, secret=SECRET)
            assert SECRET.reveal()[:8] not in form.screen.text()
            assert form.screen.app.clipboard == ""

    async def test_nonsense_is_refused_without_being_quoted(self) -> None:
        async with shown() as form:
            await self.go(form)
            await form.screen.press("p", *"nonsense", "enter")
            assert "A key has 44 characters, this has 8." in form.screen.text()
            assert "nonsense" not in form.screen.text()
            await form.screen.press("ctrl+s")
            assert form.told.messages == []
            await form.screen.press("k", "ctrl+s")
            assert form.told.messages == ["submitted"]

    async def test_escape_leaves_the_entry_only(self) -> None:
        async with shown() as form:
            await self.go(form)
            await form.screen.press("p", *"abc", "escape")
            assert form.told.messages == []
            assert form.focused() == "preshared"
            await form.screen.press("escape")
            assert form.told.messages == ["cancelled False"]


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_evil_text_is_text_everywhere(ascii_only: bool) -> None:
    def refuse(text: str) -> str:
        raise InvalidValue(f"not a name: {text}")

    def make(painter: Painter) -> Form:
        return Form(painter, TextField("name", "Name", reading("name", refuse), hint=" ".join(EVIL_STRINGS)))

    async with shown(make=make, ascii_only=ascii_only) as form:
        for text in EVIL_STRINGS:
            form.field("name").text = text.replace("\ud800", "")[:300]
            form.told.problems = (Problem("name", text), Problem("", text, Level.WARNING))
            form.field("name").complain()
            await settle(form.screen.pilot)
            form.field("name").text = "x"
            await settle(form.screen.pilot)
            assert_clean(form.screen.lines())


def picture(snap_compare: Any, size: tuple[int, int], **options: Any) -> bool:
    app, _ = make_app(relay(), **options)

    async def before(pilot: Any) -> None:
        form = make_form(app.painter)
        app.push_screen(FormHolder(form, Told()))
        await settle(pilot)
        for control in app.screen.query("Input, TextArea"):
            control.cursor_blink = False  # type: ignore[attr-defined]
        await press(pilot, "down", "x", "down")
        form.show_problems([Problem("role", "A gateway needs a LAN behind it.", Level.WARNING)])
        await settle(pilot)

    compare: Callable[..., bool] = snap_compare
    return compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_picture(snap_compare: Any, size: tuple[int, int]) -> None:
    assert picture(snap_compare, size)


def test_picture_without_colour(snap_compare: Any) -> None:
    assert picture(snap_compare, (80, 24), color="none")
