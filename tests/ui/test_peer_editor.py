"""Peers added, edited, switched and deleted; with the keyboard alone, at every size."""

from __future__ import annotations

import pytest

from tests.ui.editing import editing
from tests.ui.test_untrusted_text import assert_clean
from tests.ui.world import EVIL_STRINGS, SIZES
from wgtui.adapters.qr_segno import SegnoQrCodes
from wgtui.ui.dialogs.failure import FailureScreen
from wgtui.ui.screens.overview import OverviewScreen

KEY = "qz8kpZIOS3oYtHXmW1VrHzTk7YLJqfTRIwXfQ1DXxHA="


@pytest.mark.parametrize("size", SIZES)
async def test_a_roaming_device_needs_only_a_name(size: tuple[int, int]) -> None:
    async with editing(size) as ui:
        await ui.open("a", "Add a peer to wg0", "roaming device")
        await ui.goto("Name")
        await ui.write("kid")
        await ui.goto("DNS")
        await ui.write("9.9.9.9")
        await ui.apply("Add the peer kid to wg0", "5.5.5.9/32")
        peer = ui.peer("kid")
        assert [str(prefix) for prefix in peer.settings.allowed_ips] == ["5.5.5.9/32", "fd00:5::9/128"]
        assert ui.live("kid").preshared_key is not None
        with ui.host.changes() as changes:
            own = changes.peers.own_file("wg0", peer)
        assert own is not None
        assert b"Address = 5.5.5.9/24, fd00:5::9/64" in own
        assert b"AllowedIPs = 5.5.5.0/24, fd00:5::/64" in own
        assert b"DNS = 9.9.9.9" in own
        assert b"Endpoint = 198.51.100.2:43155" in own
        assert isinstance(ui.app.screen, OverviewScreen)
        await ui.wait(lambda: ui.selected() == "kid", "the new peer under the cursor")


@pytest.mark.parametrize("size", SIZES)
async def test_a_lan_gateway_owns_the_networks_behind_it(size: tuple[int, int]) -> None:
    async with editing(size) as ui:
        await ui.open("a", "Add a peer to wg0")
        await ui.press("right")
        await ui.until("the networks behind it belong to it")
        await ui.goto("Name")
        await ui.write("barn")
        await ui.press("ctrl+s")
        await ui.until("A LAN gateway has at least one network behind it.")
        await ui.goto("Its networks")
        await ui.write("192.168.77.0/24")
        await ui.goto("Its LAN interface")
        await ui.until("Without it the gateway hides nothing")
        await ui.write("eth7")
        await ui.apply("Add the peer barn", "192.168.77.0/24")
        assert "192.168.77.0/24" in [str(prefix) for prefix in ui.live("barn").allowed_ips]
        with ui.host.changes() as changes:
            own = changes.peers.own_file("wg0", ui.peer("barn"))
        assert own is not None
        assert b"-o eth7 -m comment --comment wgtui:%i:masquerade -j MASQUERADE" in own
        assert b"net.ipv4.ip_forward=1" in own


async def test_a_peer_with_keys_of_its_own() -> None:
    async with editing() as ui:
        await ui.open("a", "Add a peer to wg0")
        await ui.press("p")
        await ui.goto("Keys")
        await ui.press("right")
        await ui.goto("Public key")
        await ui.write("nonsense")
        await ui.press("ctrl+s")
        await ui.until("key")
        assert ui.host.scenario.files.read("wg0").count(b"[Peer]") == ui.file().count("[Peer]")
        await ui.replace("Public key", KEY)
        await ui.goto("Endpoint")
        await ui.write("192.0.2.9:4500")
        await ui.goto("Keepalive")
        await ui.write("25")
        await ui.apply("Add the peer")
        assert f"PublicKey = {KEY}" in ui.file()
        assert "Endpoint = 192.0.2.9:4500" in ui.file()


@pytest.mark.parametrize(
    "before", [(), ("/", *"laptop", "enter"), ("space",)], ids=["", "filtered", "paused"]
)
async def test_a_new_peer_is_one_key_away_from_its_qr_code(before: tuple[str, ...]) -> None:
    async with editing(qr=SegnoQrCodes()) as ui:
        await ui.press(*before)
        await ui.open("a", "Add a peer to wg0")
        await ui.goto("Name")
        await ui.write("kid")
        await ui.apply("Add the peer kid")
        await ui.wait(lambda: ui.selected() == "kid", "the new peer under the cursor")
        assert ui.toasts()[-1] == "Press h for the QR code and the file of kid."
        await ui.open("h", "kid on wg0")


@pytest.mark.parametrize("size", SIZES)
async def test_a_peer_is_edited(size: tuple[int, int]) -> None:
    async with editing(size) as ui:
        await ui.select("tablet")
        await ui.open("e", "Edit tablet of wg0")
        for label in ("Public key", "Preshared key", "Allowed IPs", "Endpoint", "Keepalive", "Name"):
            await ui.goto(label)
        await ui.replace("Name", "slate")
        await ui.goto("Preshared key")
        await ui.press("g")
        await ui.goto("Keepalive")
        await ui.write("15")
        await ui.open("ctrl+s", "[ Apply ]", "Change the peer tablet of wg0")
        await ui.press("3")
        for text in ("- # Name = tablet", "+ # Name = slate", "+ PresharedKey = (hidden)"):
            assert text in ui.everything()
        await ui.press("a")
        await ui.wait(lambda: bool(ui.toasts()))
        live = ui.live("slate")
        assert live.persistent_keepalive == 15
        assert live.preshared_key is not None
        assert live.preshared_key.reveal() not in ui.text()


async def test_the_rule_about_allowed_ips_is_where_they_are_edited() -> None:
    async with editing() as ui:
        await ui.open("e", "Edit")
        await ui.goto("Allowed IPs")
        await ui.until("On the relay, allowed IPs are what belongs to this peer. Free is 5.5.5.9/32")


@pytest.mark.parametrize(
    ("label", "text", "said"),
    [
        ("Public key", "abc", "44 characters"),
        ("Allowed IPs", "10.0.0.0/33", "33"),
        ("Endpoint", "example.org", "port"),
        ("Keepalive", "70000", "65535"),
        ("Allowed IPs", "5.5.5.3/32", "5.5.5.3/32 belongs to laptop"),
        ("Allowed IPs", "5.5.5.0/24", "5.5.5.1"),
        ("Name", "laptop", "Another peer has this name already."),
    ],
)
@pytest.mark.parametrize("size", SIZES)
async def test_a_wrong_value_is_explained_where_it_is_typed(
    size: tuple[int, int], label: str, text: str, said: str
) -> None:
    async with editing(size) as ui:
        await ui.select("tablet")
        await ui.open("e", "Edit tablet")
        await ui.replace(label, text)
        await ui.until(said)


async def test_only_errors_stand_in_the_way() -> None:
    async with editing() as ui:
        await ui.select("tablet")
        await ui.open("e", "Edit tablet")
        await ui.replace("Keepalive", "x")
        await ui.press("ctrl+s")
        assert "[ Apply ]" not in ui.text()
        await ui.replace("Keepalive", "20")
        await ui.replace("Allowed IPs", "5.5.5.3/32")
        await ui.apply()
        assert [str(prefix) for prefix in ui.live("tablet").allowed_ips] == ["5.5.5.3/32"]
        assert "5.5.5.3/32" not in map(str, ui.live("laptop").allowed_ips)


async def test_without_a_change_nothing_is_done() -> None:
    async with editing() as ui:
        await ui.open("e", "Edit")
        before = ui.file()
        await ui.press("ctrl+s")
        await ui.wait(lambda: bool(ui.toasts()))
        assert ui.toasts() == ["Nothing was to be done: the host is that way already."]
        assert ui.file() == before


async def test_a_peer_is_deleted_by_its_key() -> None:
    async with editing() as ui:
        await ui.select("camera")
        key = ui.peer("camera").public_key
        await ui.open("d", "Remove the peer camera from wg0", key.short())
        await ui.press("a")
        await ui.wait(lambda: bool(ui.toasts()))
        assert str(key) not in ui.file()
        assert key not in ui.host.scenario.world.devices["wg0"].peers


async def test_a_peer_that_vanished_is_told() -> None:
    async with editing() as ui:
        await ui.select("camera")
        key = ui.peer("camera").public_key
        lines = ui.file().replace(str(key), KEY)
        ui.host.scenario.files.write("wg0", lines.encode())
        for command in ("e", "d", "t", "R"):
            await ui.open(command, f"has no peer {key}"[:20])
            assert isinstance(ui.app.screen, FailureScreen)
            await ui.press("escape")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe[\0", "UTF-16"),
        (b"[Interface]\nPostUp = \0\n", "NUL"),
        (b"PublicKey = 3\n[Interface]\n", "above the first section"),
    ],
)
async def test_a_broken_file_is_told(data: bytes, said: str) -> None:
    async with editing() as ui:
        ui.host.scenario.files.write("wg0", data)
        for command in ("a", "e", "i"):
            await ui.open(command, said)
            await ui.press("escape")


@pytest.mark.parametrize("name", [text for text in EVIL_STRINGS if "\0" not in text])
async def test_names_that_no_form_would_take_stay_as_they_are(name: str) -> None:
    line = "# Name = " + name.replace("\n", " ").replace("\r", " ")
    async with editing() as ui:
        data = ui.file().replace("# Name = home-gateway", line, 1)
        ui.host.scenario.files.write("wg0", data.encode("utf-8", "surrogatepass"))
        ui.overview.peers.move_to(0)
        await ui.open("e", "Edit")
        assert_clean(ui.lines())
        await ui.replace("Keepalive", "33")
        await ui.open("ctrl+s", "[ Apply ]")
        assert_clean(ui.lines())
        await ui.press("3")
        assert_clean(ui.lines())
        await ui.press("a")
        await ui.wait(lambda: bool(ui.toasts()))
        assert ui.host.scenario.files.read("wg0").count(line.encode("utf-8", "surrogatepass")) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_a_peer_is_disabled_and_enabled_again(size: tuple[int, int]) -> None:
    async with editing(size) as ui:
        await ui.select("phone")
        await ui.open("t", "[ Apply ]", "Disable the peer phone of wg0")
        await ui.press("a")
        await ui.wait(lambda: ui.live("phone") is None)
        await ui.wait(lambda: any("disabled" in row and "phone" in row for row in ui.rows()), "the row")
        assert ui.selected() == "phone"
        await ui.press("enter")
        await ui.until("Disabled: it is in the file as comments", "Press t to enable it.", "5.5.5.4/32")
        await ui.press("enter")
        await ui.open("e", "Edit phone of wg0, which is disabled")
        await ui.press("escape")
        await ui.open("t", "[ Apply ]", "Enable the peer phone of wg0")
        await ui.press("a")
        await ui.wait(lambda: ui.live("phone") is not None)
        await ui.wait(lambda: not any("disabled" in row for row in ui.rows()), "the row")


async def test_new_keys_go_into_the_peers_own_file() -> None:
    async with editing() as ui:
        await ui.open("a", "Add a peer to wg0")
        await ui.goto("Name")
        await ui.write("kid")
        await ui.apply()
        before = ui.peer("kid")
        await ui.wait(lambda: "kid" in ui.names(), "the row")
        await ui.select("kid")
        await ui.open("R", "Renew the keys of kid on wg0", "until it has its new file")
        await ui.press("a")
        await ui.wait(lambda: ui.peer("kid").public_key != before.public_key)
        assert ui.peer("kid").settings.preshared_key != before.settings.preshared_key


async def test_the_keys_of_others_cannot_be_renewed() -> None:
    async with editing() as ui:
        await ui.open("R", "is not on this host")


async def test_what_was_typed_is_not_lost_by_a_slip() -> None:
    async with editing() as ui:
        await ui.open("e", "Edit")
        await ui.goto("Name")
        await ui.write("x")
        await ui.open("escape", "Leave this form?")
        await ui.press("enter")
        assert "Edit" in ui.text()
        await ui.press("escape", "right", "enter")
        assert isinstance(ui.app.screen, OverviewScreen)
