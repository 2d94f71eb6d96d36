"""Setting a host up as one plan: both ends, forwarding, boot; whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Interface, ip_address

import pytest

from tests.services.changing_host import ChangingHost
from tests.services.interface_host import FOLDER, InterfaceHost
from tests.unit.setup_answers import DIRECT, ENDPOINT, HOME, LAN, PHONE, RELAY
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.host import SimulatedEndpointResolver
from wgtui.domain.addresses import prefix_of
from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.errors import AnswersRefused, EditRefused, WgtuiError
from wgtui.domain.forwarding import IptablesPlace, Placement, facts_of, forwarding_of, lines_for
from wgtui.domain.host import FileImage, UnitState
from wgtui.domain.keys import PublicKey
from wgtui.domain.network import Route
from wgtui.domain.plan import SetUnit
from wgtui.domain.session.programs import is_harmless
from wgtui.domain.setup import Answers, NetworkAnswers, PeerAnswers, Role, Scenario, usual_forwarding
from wgtui.domain.wgquick import parse
from wgtui.services.editing import ConfigEditor
from wgtui.services.interfaces import PlannerContext
from wgtui.services.setup import PreparedSetup, SetupPlans

SYSCTL_FILE = "/etc/sysctl.d/99-wgtui.conf"
UNIT = "wg-quick@wg0.service"
PATH = f"{FOLDER}/wg0.conf"
APP_KEYS = {"privatekey", "address", "dns", "mtu", "publickey", "allowedips", "endpoint"} | {
    "presharedkey",
    "persistentkeepalive",
}
"""What all official apps take (wireguard-windows, -android and -apple, their parsers)."""


def iptables() -> Placement:
    """Where rules go on a host that has iptables."""
    return Placement(IptablesPlace())


class Server(InterfaceHost):
    """A fresh server, and what sets it up."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.units.available = False
        self.plans = self.planner(self.context)

    def planner(self, context: PlannerContext) -> SetupPlans:
        editor = ConfigEditor(context, FOLDER, self.made)
        return SetupPlans(editor, NaclKeypairs(), iptables, SYSCTL_FILE)

    def set_up(self, answers: Answers) -> PreparedSetup:
        """Apply, undo, see that nothing is left of it, and apply it again."""
        prepared = self.plans.prepare(answers)
        before = self.state()
        number = self.transaction.apply(prepared.plan).number
        assert number is not None
        undone = self.transaction.undo(number).number
        assert self.state() == before
        assert undone is not None
        self.transaction.undo(undone)
        return prepared

    def text(self, path: str = PATH) -> str:
        return self.files.files[path].content.decode()

    def config(self, path: str = PATH) -> InterfaceConfig:
        return read_config(parse(self.files.files[path].content)).config


@pytest.fixture
def server() -> Server:
    return Server()


def test_the_relay_comes_up_with_everything_it_needs(server: Server) -> None:
    prepared = server.set_up(RELAY)
    device = server.context.host.wireguard.read("wg0")
    assert device.listen_port == 43155
    assert {tuple(map(str, peer.allowed_ips)) for peer in device.peers} == {
        ("5.5.5.2/32", "192.168.2.0/24"),
        ("5.5.5.3/32",),
    }
    assert server.destinations() == {"192.168.2.0/24"}
    assert server.sysctls.values["net.ipv4.ip_forward"] == "1"
    assert "net.ipv4.ip_forward = 1" in server.text(SYSCTL_FILE)
    assert server.files.files[PATH].mode == 0o600
    assert [run for run in server.hooks.runs if "wgtui:wg0:relay" in run]
    assert [run for run in server.hooks.runs if "--dport 43155" in run]
    assert [peer.path for peer in prepared.peers] == [
        f"{FOLDER}/peers/wg0/home.conf",
        f"{FOLDER}/peers/wg0/phone.conf",
    ]


def test_its_lines_are_those_that_the_switches_keep_up_to_date(server: Server) -> None:
    server.set_up(RELAY)
    facts = facts_of(server.config(), "wg0")
    written = forwarding_of(parse(server.text().encode()), "wg0")
    assert written.post_up == lines_for(written.switches, iptables(), facts).post_up


def test_without_ipv6_in_the_kernel_nothing_is_said_about_it(server: Server) -> None:
    for name in [name for name in server.sysctls.values if ".ipv6." in name]:
        del server.sysctls.values[name]
    server.set_up(RELAY)
    assert "ip6tables" not in server.text()


def test_both_ends_have_each_others_keys(server: Server) -> None:
    server.set_up(replace(RELAY, peers=(replace(HOME, preshared=True), PHONE)))
    public_key = NaclKeypairs().public_key
    own = server.config()
    assert own.private_key is not None
    for peer, name in zip(own.peers(), ("home", "phone"), strict=True):
        far = server.config(f"{FOLDER}/peers/wg0/{name}.conf")
        (relay,) = far.peers()
        assert far.private_key is not None
        assert peer.public_key == public_key(far.private_key)
        assert relay.public_key == public_key(own.private_key)
        assert relay.preshared_key == peer.preshared_key
        assert (peer.preshared_key is not None) == (name == "home")
        assert relay.endpoint == ENDPOINT
        assert relay.persistent_keepalive == 25


def test_the_gateways_file_leads_to_its_lan(server: Server) -> None:
    server.set_up(RELAY)
    gateway = server.config(f"{FOLDER}/peers/wg0/home.conf").quick
    commands = gateway.post_up
    assert commands[0].endswith("sysctl -q -w net.ipv4.ip_forward=1")
    assert any("-s 5.5.5.0/24 -o eth0" in one and "MASQUERADE" in one for one in commands)
    assert any(one.startswith("command -v iptables >/dev/null || nft") for one in commands)
    assert not any("ip6tables" in one or "ipv6" in one for one in commands)
    assert not any("#" in one for one in commands)
    assert all(map(is_harmless, commands))


def test_a_phones_file_has_only_what_every_app_takes(server: Server) -> None:
    network = replace(RELAY.interface, peer_dns=("9.9.9.9", "lan.example"), peer_mtu=1380)
    server.set_up(replace(RELAY, interface=network, peers=(replace(PHONE, preshared=True),)))
    text = server.text(f"{FOLDER}/peers/wg0/phone.conf")
    keys = {line.partition("=")[0].strip().lower() for line in text.splitlines() if "=" in line}
    keys = {key for key in keys if not key.startswith("#")}
    assert keys == APP_KEYS
    assert "DNS = 9.9.9.9, lan.example" in text
    assert text.count("[Interface]") == 1


def test_the_direct_scenario_forwards_at_the_gateway_alone(server: Server) -> None:
    server.set_up(DIRECT)
    assert server.sysctls.values["net.ipv4.ip_forward"] == "0"
    assert SYSCTL_FILE not in server.files.files
    assert "FORWARD" not in server.text()
    gateway = server.text(f"{FOLDER}/peers/wg0/home.conf")
    assert "AllowedIPs = 5.5.5.1/32" in gateway
    assert "-s 5.5.5.1/32 -o eth0" in gateway


def test_a_full_tunnel_hides_behind_the_uplink(server: Server) -> None:
    addresses = (IPv4Interface("5.5.5.1/24"), IPv6Interface("fd05::1/64"))
    answers = replace(
        RELAY,
        scenario=Scenario.GATEWAY,
        interface=replace(RELAY.interface, addresses=addresses),
        forwarding=usual_forwarding(Scenario.GATEWAY, addresses, "eth0"),
        peers=(PeerAnswers("phone"),),
    )
    server.set_up(answers)
    assert "AllowedIPs = 0.0.0.0/0, ::/0" in server.text(f"{FOLDER}/peers/wg0/phone.conf")
    masquerade = [run for run in server.hooks.runs if "MASQUERADE" in run and "-C" in run]
    assert any(run.startswith("ip6tables") and "fd05::/64" in run for run in masquerade)
    assert any(run.startswith("iptables") and "5.5.5.0/24" in run for run in masquerade)
    assert server.sysctls.values["net.ipv6.conf.all.forwarding"] == "1"


def test_a_host_that_dials_writes_the_listeners_file(server: Server) -> None:
    addresses = (IPv4Interface("5.5.5.2/24"),)
    answers = Answers(
        Scenario.DIRECT_NATED,
        NetworkAnswers("wg0", addresses, lans=(LAN,)),
        usual_forwarding(Scenario.DIRECT_NATED, addresses, "eth0"),
        (PeerAnswers("server", Role.PLAIN, (IPv4Interface("5.5.5.1/24"),), endpoint=ENDPOINT),),
    )
    server.set_up(answers)
    own = server.text()
    assert "Endpoint = 198.51.100.1:43155" in own
    assert "PersistentKeepalive = 25" in own
    assert "-s 5.5.5.0/24 -o eth0" in own
    far = server.text(f"{FOLDER}/peers/wg0/server.conf")
    assert "ListenPort = 43155" in far
    assert "AllowedIPs = 5.5.5.2/32, 192.168.2.0/24" in far
    assert "--dport 43155" in far
    assert "Endpoint" not in far
    assert "PersistentKeepalive" not in far


def test_a_host_that_joins_tells_what_the_relay_needs(server: Server) -> None:
    addresses = (IPv4Interface("5.5.5.9/24"),)
    relay = PeerAnswers("relay", Role.PLAIN, endpoint=ENDPOINT, public_key=PublicKey(b"\4" * 32))
    answers = Answers(
        Scenario.JOIN,
        NetworkAnswers("wg0", addresses, lans=(LAN,)),
        usual_forwarding(Scenario.JOIN, addresses, "eth0"),
        (relay,),
    )
    prepared = server.set_up(answers)
    (told,) = prepared.next_steps
    assert str(prepared.public_key) in told
    assert "5.5.5.9/32, 192.168.2.0/24" in told
    assert not [path for path in server.files.files if "/peers/" in path]


def test_where_systemd_runs_the_unit_brings_it_up_and_at_boot(server: Server) -> None:
    server.units.available = True
    server.units.units[UNIT] = UnitState(enabled=False, active=False)
    plan = server.plans.plan(RELAY)
    assert plan.steps[-1] == SetUnit(UNIT, UnitState(False, False), UnitState(True, True))
    assert "wg0" not in server.context.host.wireguard.names()
    later = server.plans.plan(replace(RELAY, start=False))
    assert later.steps[-1] == SetUnit(UNIT, UnitState(False, False), UnitState(True, False))
    by_hand = server.plans.plan(replace(RELAY, boot=False))
    assert not [step for step in by_hand.steps if isinstance(step, SetUnit)]


def test_where_nothing_starts_it_at_boot_that_is_said(server: Server) -> None:
    assert any("systemd does not run this host" in note for note in server.plans.plan(RELAY).notes)
    server.units.available = True
    assert any("wireguard-tools" in note for note in server.plans.plan(RELAY).notes)


def test_ipv6_forwarding_keeps_an_advertised_default_route(server: Server) -> None:
    server.network.add_link("eth1", IPv6Interface("2001:db8:1::2/64"))
    gateway = ip_address("2001:db8:1::1")
    server.network.add_route(Route(prefix_of("::/0"), "eth1", gateway=gateway, protocol=9, metric=10))
    name = "net.ipv6.conf.eth1.accept_ra"
    server.sysctls.values[name] = "1"
    forwarding = replace(RELAY.forwarding, ipv6=True)
    server.set_up(replace(RELAY, forwarding=forwarding))
    assert server.sysctls.values[name] == "2"
    lines = server.text(SYSCTL_FILE).splitlines()
    assert lines.index(f"{name} = 2") < lines.index("net.ipv6.conf.all.forwarding = 1")


def test_settings_of_others_stay_in_the_file(server: Server) -> None:
    server.files.write(SYSCTL_FILE, FileImage(b"# mine\nvm.swappiness = 1\nnet.ipv4.ip_forward = 0\n", 0o644))
    server.set_up(RELAY)
    assert server.text(SYSCTL_FILE) == "# mine\nvm.swappiness = 1\nnet.ipv4.ip_forward = 1\n"


def test_nothing_is_overwritten(server: Server) -> None:
    server.set_up(RELAY)
    with pytest.raises(EditRefused, match=r"wg0\.conf exists already"):
        server.plans.plan(RELAY)
    with pytest.raises(EditRefused, match="There is an interface wg0 already"):
        server.files.remove(PATH)
        server.plans.plan(RELAY)


def test_a_peers_file_of_an_earlier_interface_is_not_overwritten(server: Server) -> None:
    server.files.write(f"{FOLDER}/peers/wg0/phone.conf", FileImage(b"old"))
    with pytest.raises(EditRefused, match=r"phone\.conf exists already"):
        server.plans.plan(RELAY)


def test_answers_that_do_not_go_together_are_refused_in_one_line(server: Server) -> None:
    with pytest.raises(AnswersRefused, match="Two peers are called home"):
        server.plans.plan(replace(RELAY, peers=(HOME, HOME)))


def test_whatever_fails_leaves_no_trace() -> None:
    """Every single call that changes something fails once."""
    home = replace(HOME, lans=(prefix_of("192.168.77.0/24"),))
    answers = replace(RELAY, forwarding=replace(RELAY.forwarding, ipv6=True), peers=(home, PHONE))
    for late in (False, True):
        for after in range(60):
            host = ChangingHost()
            ports = host.ports()
            context = PlannerContext(ports, SimulatedEndpointResolver(), NaclKeypairs().public_key)
            editor = ConfigEditor(context, FOLDER, lambda _: None)
            plans = SetupPlans(editor, NaclKeypairs(), iptables, SYSCTL_FILE)
            host.units.available = False
            plan = plans.plan(answers)
            before = host.state()
            for port in ("files.write", "sysctls.write", "devices.create", "wireguard.configure"):
                host.faults.fail(port, after=after, late=late)
            for port in ("network.add_*", "network.set_link", "hooks.run"):
                host.faults.fail(port, after=after, late=late)
            try:
                host.transaction().apply(plan)
            except WgtuiError:
                assert host.state() == before, (after, late)
            else:
                assert after > 3
                break
        else:
            raise AssertionError("it never went well")
