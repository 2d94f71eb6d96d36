"""Interfaces made, edited, deleted, brought up and down; with the keyboard alone, at every size."""

from __future__ import annotations

import pytest

from tests.ui.editing import Relay, editing
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES

LABELS = (
    "Addresses",
    "Listen port",
    "MTU",
    "DNS",
    "Table",
    "FwMark",
    "SaveConfig",
    "PreUp",
    "PostUp",
    "PreDown",
    "PostDown",
    "Private key",
)


async def agree(ui: Relay) -> None:
    """Apply what is reviewed, also what could cut the operator's session."""
    await ui.press("a")
    await ui.wait(lambda: bool(ui.toasts()), "the outcome")


@pytest.mark.parametrize("size", SIZES)
async def test_an_interface_is_edited(size: tuple[int, int]) -> None:
    async with editing(size) as ui:
        await ui.open("i", "Edit wg0")
        for label in LABELS:
            await ui.goto(label)
        await ui.replace("MTU", "1380")
        await ui.goto("PostUp")
        await ui.write("echo %i is up")
        await ui.press("enter")
        await ui.open("ctrl+s", "[ Apply ]", "Change wg0")
        await ui.press("3")
        for text in ("+ MTU = 1380", "+ PostUp = echo %i is up", "PrivateKey = (hidden)"):
            assert text in ui.everything()
        await agree(ui)
        assert "MTU = 1380\n" in ui.file()
        assert "PostUp = echo %i is up\n" in ui.file()


@pytest.mark.parametrize("size", SIZES)
async def test_a_wrong_value_is_explained_where_it_is_typed(size: tuple[int, int]) -> None:
    cases = (
        ("Addresses", "10.0.0.1/33", "33"),
        ("Listen port", "70000", "65535"),
        ("MTU", "1500", "do not fit into the 1500 bytes"),
        ("DNS", "not a name!", "DNS"),
        ("Table", "Auto", "auto"),
        ("FwMark", "x", "mark"),
    )
    async with editing(size) as ui:
        await ui.open("i", "Edit wg0")
        for label, text, said in cases:
            await ui.replace(label, text)
            await ui.until(said)


@pytest.mark.parametrize("size", SIZES)
async def test_an_interface_is_made_brought_up_and_deleted(size: tuple[int, int]) -> None:
    async with editing(size) as ui:
        await ui.open("n", "Make an interface")
        await ui.press("ctrl+s")
        await ui.until("An interface's name is 1 to 15 letters")
        await ui.write("wg0")
        await ui.until("There is an interface of this name.")
        await ui.replace("Interface", "wg7")
        await ui.replace("Addresses", "10.77.0.1/24")
        await ui.replace("Listen port", "51999")
        await ui.open("ctrl+s", "[ Apply ]", "Make the interface wg7")
        await agree(ui)
        assert "PrivateKey = " in ui.file("wg7")
        assert "Address = 10.77.0.1/24\nListenPort = 51999\n" in ui.file("wg7")
        await ui.wait(lambda: "wg7" in ui.text(), "the new tab")
        await ui.press("left_square_bracket")
        await ui.until("wg7 is down.")
        await ui.open("b", "[ Apply ]", "Bring wg7 up")
        await ui.press("a")
        await ui.wait(lambda: "wg7" in ui.host.scenario.world.devices, "the device")
        await ui.wait(lambda: "wg7 is down." not in ui.text())
        await ui.open("D", "wg7 is up.", "Take it down first")
        await ui.press("escape")
        await ui.open("b", "[ Apply ]", "Take wg7 down")
        await ui.press("a")
        await ui.wait(lambda: "wg7" not in ui.host.scenario.world.devices, "the end of the device")
        await ui.wait(lambda: "gone" in ui.text())
        await ui.open("D", "[ Apply ]", "Delete the interface wg7")
        await ui.press("a")
        await ui.wait(lambda: "wg7" not in ui.host.scenario.files.names())


async def test_a_running_interface_is_brought_in_line_with_its_file() -> None:
    async with editing() as ui:
        await ui.open("f", "[ Apply ]", "Bring wg0 in line with its file", "10.20.7.0/24")


async def test_an_interface_without_a_file_is_told() -> None:
    async with editing() as ui:
        ui.host.scenario.files.remove("wg0")
        for key in ("a", "e", "i", "D"):
            await ui.open(key, "wg0 has no file /etc/wireguard/wg0.conf.")
            await ui.press("escape")


@pytest.mark.parametrize("command", [text for text in EVIL_STRINGS if "\0" not in text])
async def test_hooks_that_no_form_would_take_stay_as_they_are(command: str) -> None:
    line = "PostUp = echo " + command.replace("\n", " ").replace("\r", " ")
    data = line.encode("utf-8", "surrogatepass")
    async with editing() as ui:
        ui.host.scenario.files.write("wg0", ui.file().encode().replace(b"\n\n", b"\n" + data + b"\n\n", 1))
        await ui.open("i", "Edit wg0")
        assert_clean(ui.lines())
        await ui.replace("MTU", "1300")
        await ui.open("ctrl+s", "[ Apply ]")
        assert_clean(ui.lines())
        await ui.press("3")
        assert_clean(ui.lines())
        await agree(ui)
        assert ui.host.scenario.files.read("wg0").count(data + b"\n") == 1
