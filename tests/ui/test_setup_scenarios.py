"""Each scenario from the first page to a file, with what is proposed and the least that has to be typed."""

from __future__ import annotations

import pytest

from tests.ui.setup import Setup, add_home, add_phone, apply, setting_up
from wgtui.ui.presentation.setup.words import Step


async def choose(ui: Setup, number: str) -> None:
    """Take a scenario by its number, and go on to the peers."""
    await ui.go(Step.SCENARIO)
    await ui.press(number)
    await ui.go(Step.PEERS)


async def finish(ui: Setup) -> str:
    """Apply, and return the file."""
    await ui.go(Step.REVIEW)
    await apply(ui)
    await ui.until("What is left to do:")
    return ui.file()


async def test_a_public_host_reaches_the_lan_of_its_peer() -> None:
    async with setting_up() as ui:
        await choose(ui, "2")
        await add_home(ui, "Peer 1 of 1")
        text = await finish(ui)
        assert "AllowedIPs = 10.7.8.2/32, 192.168.7.0/24" in text
        assert "FORWARD" not in text
        with ui.host.changes() as changes:
            own = changes.host.files.read("/etc/wireguard/peers/wg0/home.conf")
            assert changes.host.sysctls.read("net.ipv4.ip_forward") == "0"
        assert own is not None
        assert b"AllowedIPs = 10.7.8.1/32" in own.content
        assert b"MASQUERADE" in own.content


async def test_a_host_behind_nat_makes_the_file_of_the_public_one() -> None:
    async with setting_up() as ui:
        await choose(ui, "3")
        await ui.open("a", "The public side that this host calls")
        await ui.goto("Name")
        await ui.write("vps")
        await ui.goto("Its endpoint")
        await ui.write("198.51.100.77:43155")
        await ui.press("ctrl+s")
        await ui.at(Step.PEERS)
        text = await finish(ui)
        assert "Endpoint = 198.51.100.77:43155" in text
        assert "PersistentKeepalive = 25" in text
        with ui.host.changes() as changes:
            own = changes.host.files.read("/etc/wireguard/peers/wg0/vps.conf")
        assert own is not None
        assert b"ListenPort = 43155" in own.content
        assert b"192.168.2.0/24" in own.content


@pytest.mark.parametrize("uplink", ["eth0", "eth1"])
async def test_a_gateway_masquerades_where_it_is_told(uplink: str) -> None:
    async with setting_up() as ui:
        await ui.go(Step.SCENARIO)
        await ui.press("4")
        await ui.go(Step.FORWARDING)
        await ui.goto("Masquerade on")
        if uplink == "eth1":
            await ui.press("right")
            await ui.until("eth1 leads to 192.168.2.0/24.")
        await ui.go(Step.PEERS)
        await add_phone(ui)
        text = await finish(ui)
        assert "MASQUERADE" in text
        assert f"-o {uplink} " in text
        with ui.host.changes() as changes:
            own = changes.host.files.read("/etc/wireguard/peers/wg0/phone.conf")
        assert own is not None
        assert b"AllowedIPs = 0.0.0.0/0, ::/0" in own.content
        assert b"DNS = 9.9.9.9" in own.content


async def test_only_files_are_written_where_it_is_not_to_start() -> None:
    async with setting_up() as ui:
        await choose(ui, "1")
        await add_phone(ui)
        await ui.go(Step.REVIEW)
        await ui.goto("Start now")
        await ui.press("space")
        await apply(ui)
        await ui.until("What is left to do:", "[ To the Overview ]")
        assert "Wait for handshakes" not in ui.text()
        assert ui.host.scenario.world.devices == {}
        assert "[Peer]" in ui.file()
