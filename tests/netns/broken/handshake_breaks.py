"""What keeps peers from getting through, each in one way."""

from __future__ import annotations

import socket
import time
from ipaddress import ip_address
from typing import Final

from tests.netns.broken.layout import HOME_WAN, INTERFACE, LAPTOP, PORT, PUBLIC
from tests.netns.broken.names import HostsResolver
from tests.netns.broken.node import edit_file
from tests.netns.broken.rig import Rig
from tests.support.initiations import initiation
from tests.support.waiting import eventually
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.netns import call_in_netns
from wgtui.domain.addresses import Endpoint
from wgtui.domain.change import PeerChange
from wgtui.domain.config import read_config
from wgtui.domain.keys import PrivateKey
from wgtui.domain.wgquick import parse

_KEYS: Final = NaclKeypairs()
_NO_SECRET: Final = "PresharedKey = "


def _new_key() -> str:
    return str(_KEYS.public_key(_KEYS.generate_private_key()))


def _line(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


def wrong_relay_key(rig: Rig) -> None:
    rig.laptop.edit((str(rig.keys["relay"]), _new_key()))


def wrong_peer_key(rig: Rig) -> None:
    """The relay knows the laptop by a key of somebody else."""
    old = rig.keys["laptop"]
    (peer,) = (one for one in rig.relay.device().peers if one.public_key == old)
    rig.keys["laptop"] = _KEYS.public_key(_KEYS.generate_private_key())
    rig.relay.edit((str(old), str(rig.keys["laptop"])))
    added = PeerChange(rig.keys["laptop"], preshared_key=peer.preshared_key, allowed_ips=peer.allowed_ips)
    rig.relay.set(PeerChange(old, remove=True), added)


def wrong_preshared_key(rig: Rig) -> None:
    line = _line(rig.laptop.conf().read_text(), _NO_SECRET)
    rig.laptop.edit((line, _NO_SECRET + _KEYS.generate_preshared_key().reveal()))


def preshared_key_only_here(rig: Rig) -> None:
    rig.laptop.edit((_line(rig.laptop.conf().read_text(), _NO_SECRET) + "\n", ""))


def preshared_key_only_there(rig: Rig) -> None:
    """The peer has one, and the relay was changed to have none."""
    config = read_config(parse(rig.relay.conf().read_bytes())).config
    secret = next(one.preshared_key for one in config.blocks if one.public_key == rig.keys["laptop"])
    assert secret is not None
    rig.relay.edit((f"{_NO_SECRET}{secret.reveal()}\n", ""))
    rig.relay.set(rig.peer("laptop", preshared_key=type(secret)(bytes(32))))


def _in_own_file(rig: Rig, before: str, after: str) -> None:
    edit_file(rig.own_file("laptop"), (before, after))
    rig.laptop.edit((before, after))


def wrong_endpoint_address(rig: Rig) -> None:
    _in_own_file(rig, f"Endpoint = {PUBLIC[0]}", "Endpoint = 203.0.113.99")


def wrong_endpoint_port(rig: Rig) -> None:
    _in_own_file(rig, f"{PUBLIC[0]}:{PORT}", f"{PUBLIC[0]}:{PORT + 1}")


def port_dropped_by_nft(rig: Rig) -> None:
    rig.relay.run(
        "nft",
        "add table inet corp; add chain inet corp in { type filter hook input priority -10; };"
        f" add rule inet corp in udp dport {PORT} drop",
    )


def port_dropped_by_iptables(rig: Rig) -> None:
    rig.relay.run("iptables", "-I", "INPUT", "-p", "udp", "--dport", str(PORT), "-j", "DROP")


def port_dropped_by_legacy(rig: Rig) -> None:
    """Rules that neither `iptables` nor `nft` shows."""
    rig.relay.run("iptables-legacy", "-I", "INPUT", "-p", "udp", "--dport", str(PORT), "-j", "DROP")


def open_in_legacy_only(rig: Rig) -> None:
    rig.relay.run("iptables-legacy", "-I", "INPUT", "-p", "udp", "--dport", str(PORT), "-j", "ACCEPT")
    port_dropped_by_nft(rig)


def guarded(rig: Rig) -> None:
    """A packet filter that lets in only what it is told to."""
    for program in ("iptables", "ip6tables"):
        known = ("-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT")
        rig.relay.run(program, "-A", "INPUT", *known)
        rig.relay.run(program, "-A", "INPUT", "-i", "lo", "-j", "ACCEPT")
        rig.relay.run(program, "-A", "INPUT", "-i", INTERFACE, "-j", "ACCEPT")
        rig.relay.run(
            program, "-A", "INPUT", "-p", "icmp" if program == "iptables" else "ipv6-icmp", "-j", "ACCEPT"
        )
        rig.relay.run(program, "-P", "INPUT", "DROP")


def port_not_opened(rig: Rig) -> None:
    """A firewall came later than the relay, and nobody told it of the port."""
    guarded(rig)


def port_dropped_beyond(rig: Rig) -> None:
    """A provider's firewall, which this host cannot see."""
    rig.net.run(
        "nft",
        "add table inet cloud; add chain inet cloud f { type filter hook forward priority 0; };"
        f" add rule inet cloud f ip daddr {PUBLIC[0]} udp dport {PORT} drop",
    )


def answers_dropped_beyond(rig: Rig) -> None:
    """The laptop's network lets packets out, and none of the relay's back in."""
    rig.net.run(
        "nft",
        "add table inet cloud; add chain inet cloud f { type filter hook forward priority 0; };"
        f" add rule inet cloud f ip daddr {LAPTOP[0]} udp sport {PORT} drop",
    )


def port_changed_in_file_only(rig: Rig) -> None:
    """The file was edited and given out again, and never applied."""
    rig.relay.edit((f"ListenPort = {PORT}", f"ListenPort = {PORT + 7}"))
    for node, name in ((rig.gateway, "home"), (rig.laptop, "laptop")):
        edit_file(rig.own_file(name), (f":{PORT}", f":{PORT + 7}"))
        node.edit((f":{PORT}", f":{PORT + 7}"))


def peer_not_applied(rig: Rig) -> None:
    """The laptop is in the file, and not in the running interface."""
    rig.relay.set(PeerChange(rig.keys["laptop"], remove=True))


def disabled(rig: Rig) -> None:
    with rig.changes() as changes:
        key = rig.keys["laptop"]
        changes.transaction.apply(changes.peers.disable(INTERFACE, key))


def clock_there(rig: Rig) -> None:
    """The laptop called from a time to come, and has its clock right since."""
    private = read_config(parse(rig.laptop.conf().read_bytes())).config.private_key
    assert private is not None
    message = initiation(private, rig.keys["relay"], time.time() + 3600)

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("", 40000))
            udp.sendto(message, (PUBLIC[0], PORT))

    call_in_netns(rig.laptop.netns, send)


def reverse_path_drops(rig: Rig) -> None:
    """Calls come in by eth0; the way back to the laptop leads out by eth1, and the filter is strict."""
    rig.relay.ip(f"route add {LAPTOP[0]}/32 via 198.18.1.1 dev eth1")
    rig.relay.sysctl(net__ipv4__conf__all__rp_filter=1, net__ipv4__conf__eth0__rp_filter=1)


def nat_forgets(rig: Rig) -> None:
    """The home's router is restarted, and has forgotten all flows."""
    # Whoever got data last owes a keepalive, which would open the way again: wait for it.
    before = _heard(rig)
    eventually("the gateway's last keepalive has come", lambda: _heard(rig) > before, 15)
    rig.home.ip(
        "link set wan down",
        "link set wan up",
        f"address add {HOME_WAN[1]}/64 dev wan nodad",
        "route add default via 198.51.100.1",
        "route add default via 2001:db8:2::1",
    )


def _heard(rig: Rig) -> int:
    return next(one.rx_bytes for one in rig.relay.device().peers if one.public_key == rig.keys["home"])


def name_moved(rig: Rig) -> None:
    """The relay calls the laptop by a name, which led elsewhere when it was looked up."""
    relay_calls_first(rig)
    rig.laptop.edit(("[Interface]\n", "[Interface]\nListenPort = 51900\n"))
    hosts = rig.relay.folder / "hosts"
    rig.resolver = HostsResolver(hosts)
    hosts.write_text("192.0.2.99 laptop.example\n")
    line = f"PublicKey = {rig.keys['laptop']}\n"
    rig.relay.edit((line, f"{line}Endpoint = laptop.example:51900\n"))
    rig.sync_relay()
    hosts.write_text(f"{LAPTOP[0]} laptop.example\n")


def relay_calls_home(rig: Rig) -> None:
    rig.keep(rig.relay.shout("10.7.0.2"))


def relay_calls_laptop(rig: Rig) -> None:
    rig.keep(rig.relay.shout("10.7.0.3"))


def laptop_calls(rig: Rig) -> None:
    rig.keep(rig.laptop.shout("10.7.0.1"))


def gateway_goes_down(rig: Rig) -> None:
    rig.gateway.close_interface()


def relay_calls_first(rig: Rig) -> None:
    """Nobody told the relay where the laptop is, and the laptop does not call."""
    text = rig.laptop.conf().read_text()
    rig.laptop.edit((_line(text, "Endpoint") + "\n", ""), (_line(text, "PersistentKeepalive") + "\n", ""))


def allowed_ips_taken_live(rig: Rig) -> None:
    """Somebody gave the laptop's addresses to another peer, by hand."""
    prefixes = next(
        one.allowed_ips for one in rig.relay.device().peers if one.public_key == rig.keys["laptop"]
    )
    rig.relay.set(rig.peer("home", allowed_ips=prefixes))


def lan_taken_by_file(rig: Rig) -> None:
    """The laptop's block, further down in the file, names the LAN behind home as well."""
    rig.relay.edit(
        ("AllowedIPs = 10.7.0.3/32, fd07::3/128", "AllowedIPs = 10.7.0.3/32, fd07::3/128, 192.168.2.0/24")
    )
    rig.relay.sync()


def no_allowed_ips(rig: Rig) -> None:
    rig.relay.edit(("AllowedIPs = 10.7.0.3/32, fd07::3/128\n", ""))
    rig.relay.sync()


def private_key_removed(rig: Rig) -> None:
    """What a reload by `wg syncconf` does where the file has its key from elsewhere."""
    rig.relay.set(private_key=PrivateKey(bytes(32)))


def relay_calls_with_another_secret(rig: Rig) -> None:
    """The relay dials the laptop, and they have different preshared keys."""
    relay_calls_first(rig)
    wrong_preshared_key(rig)
    rig.laptop.edit(("[Interface]\n", "[Interface]\nListenPort = 51900\n"))
    rig.relay.set(rig.peer("laptop", endpoint=Endpoint(ip_address(LAPTOP[0]), 51900)))


def interface_down(rig: Rig) -> None:
    rig.relay.ip(f"link set {INTERFACE} down")


def wrong_address_there(rig: Rig) -> None:
    for change in (("10.7.0.3/24", "10.7.0.33/24"),):
        edit_file(rig.own_file("laptop"), change)
        rig.laptop.edit(change)


def laptop_reaches_relay(rig: Rig) -> bool:
    return rig.laptop.reaches("10.7.0.1")


def relay_reaches_home(rig: Rig) -> bool:
    return rig.relay.reaches("10.7.0.2")


def relay_reaches_laptop(rig: Rig) -> bool:
    return rig.relay.reaches("10.7.0.3")
