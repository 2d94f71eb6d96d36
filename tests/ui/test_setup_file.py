"""A LAN gateway takes the file that its relay made, from a path or pasted."""

from __future__ import annotations

import pytest
from textual import events

from tests.ui.setup import Setup, make_bare, setting_up
from tests.ui.world import SIZES
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.domain.host import FileImage
from wgtui.ui.presentation.setup.words import Step
from wgtui.ui.screens.waiting import WaitingScreen

KEYPAIRS = NaclKeypairs()
SECRET = KEYPAIRS.generate_private_key()
FILE = f"""\
# made by the relay
[Interface]
PrivateKey = {SECRET.reveal()}
Address = 10.66.0.9/24
PostUp = sysctl -q -w net.ipv4.ip_forward=1

[Peer]
# Name = hub
PublicKey = {KEYPAIRS.public_key(KEYPAIRS.generate_private_key())}
AllowedIPs = 10.66.0.0/24
Endpoint = 198.51.100.77:51820
PersistentKeepalive = 25
"""


async def open_form(ui: Setup) -> None:
    """From the first page to the form, by its button."""
    await ui.go(Step.SCENARIO)
    await ui.press("5")
    await ui.go(Step.NETWORK)
    for _ in range(40):
        if "ButtonRow" in repr(ui.app.focused):
            break
        await ui.press("tab")
    await ui.press("right", "enter")
    await ui.until("Take the file that the relay made", "The file")


async def finish(ui: Setup) -> None:
    """Review and apply."""
    await ui.open("ctrl+s", "[ Apply ]", "Write the new file /etc/wireguard/wg0.conf")
    assert SECRET.reveal() not in ui.text()
    await ui.press("a")
    await ui.wait(lambda: isinstance(ui.app.screen, WaitingScreen), "the screen that waits")
    await ui.until("hub")
    assert ui.file() == FILE


@pytest.mark.parametrize("size", SIZES)
async def test_from_a_path(size: tuple[int, int]) -> None:
    host = make_bare()[1]
    with host.changes() as changes:
        changes.host.files.write("/root/home.conf", FileImage(FILE.encode()))
    async with setting_up(size, host) as ui:
        await open_form(ui)
        await ui.write("home.conf")
        await ui.press("ctrl+s")
        await ui.until("This has to be a whole path, from / on.")
        await ui.replace("The file", "/root/nothing.conf")
        await ui.open("ctrl+s", "/root/nothing.conf does not exist on this host.")
        await ui.press("escape")
        await ui.replace("The file", "/root/home.conf")
        await finish(ui)


async def test_pasted() -> None:
    async with setting_up() as ui:
        await open_form(ui)
        ui.app.post_message(events.Paste(FILE.replace("\n", "\r\n")))
        await ui.until("12 lines were pasted; they hold keys and are not shown.")
        assert SECRET.reveal() not in ui.text()
        await finish(ui)


async def test_what_is_no_file_is_refused_before_anything_is_written() -> None:
    async with setting_up() as ui:
        await open_form(ui)
        ui.app.post_message(events.Paste("[Interface]\nPrivateKey = nonsense\n"))
        await ui.until("2 lines were pasted")
        await ui.open("ctrl+s", "/etc/wireguard/wg0.conf:2")
        await ui.press("escape")
        await ui.until("2 lines were pasted")
        assert ui.host.scenario.files.names() == ()
