"""The causes in sentences, and what tells them apart."""

from __future__ import annotations

from typing import Final

from wgtui.domain.first_contact import Cause, cause_words
from wgtui.domain.verdict.evidence import Evidence
from wgtui.domain.verdict.judgement import Likely

PORT_DRIFT: Final = "port drift"
NOT_APPLIED: Final = "not applied"
STALE_ENDPOINT: Final = "stale endpoint"
NAT_FORGOT: Final = "NAT forgot it"
ASLEEP: Final = "asleep"
STREAM: Final = "stream"
ADDRESS_TAKEN: Final = "address taken"
ALLOWED_NOT_SET: Final = "allowed IPs not applied"
WRONG_ADDRESS: Final = "wrong address"
NO_ADDRESS: Final = "no address"
CLOCK_STEPPED: Final = "clock stepped"

_OWN: Final = {
    PORT_DRIFT: "The file says port {file_port}, and the interface listens on {port}: what was written to "
    "the file was not applied.",
    NOT_APPLIED: "The file has this key among its peers, and the running interface does not: what was "
    "written was not applied.",
    STALE_ENDPOINT: "{host} leads to {resolved} now; the interface still calls {endpoint}. WireGuard looks a "
    "name up only once.",
    NAT_FORGOT: "It is behind NAT, sends no keepalives, and its router has forgotten the way back to it: its "
    "file needs PersistentKeepalive = 25.",
    ASLEEP: "It is switched off, asleep or without a network, as phones and laptops are at times.",
    STREAM: "It only sends, as for logs, measurements or pictures. Then all is well.",
    ADDRESS_TAKEN: "Another peer has them: a prefix belongs to one peer of an interface, and the last one to "
    "name it wins.",
    ALLOWED_NOT_SET: "What was written to the file was not applied to the running interface.",
    WRONG_ADDRESS: "Its own file gives its interface {own_addresses}, which is not among its allowed IPs "
    "here: all that it sends is dropped.",
    NO_ADDRESS: "The file gives it no AllowedIPs: add the address it has in the tunnel.",
    CLOCK_STEPPED: "This host's clock was set back. Peers drop its calls as repeats until it has passed the "
    "old time, and ages are wrong: see to NTP.",
}

_TELLS: Final = {
    Cause.NOT_STARTED.value: "its own side shows sent bytes growing when it is started",
    Cause.WRONG_ENDPOINT.value: "read the Endpoint in its file",
    Cause.ROUTER.value: "a packet sent to the port from outside is seen on the router and not here",
    Cause.PROVIDER.value: "no peer gets through, also those that did before",
    Cause.CARRIER_NAT.value: "the address on the uplink is in 100.64.0.0/10",
    Cause.TCP_FOR_UDP.value: "TCP gets through to the port's number",
    Cause.SCANNER.value: "the packets come from an address that is not the peer's",
    Cause.DISGUISED.value: "the packets come from the peer's own address",
    Cause.WRONG_PUBLIC_KEY_THERE.value: "compare PublicKey in its file with this interface's",
    Cause.WRONG_PUBLIC_KEY_HERE.value: "its own side shows its public key with: wg show",
    Cause.PACKET_FILTER.value: "the counter of the rule that drops grows",
    Cause.REVERSE_PATH.value: "the route to its address leads out by another link",
    Cause.CLOCK_THERE.value: "its date is behind",
    Cause.PRESHARED_KEY.value: "it drops every answer, from every network it is in",
    Cause.ANSWER_LOST.value: "from another network it gets through",
    Cause.FAR_SIDE_CLOSED.value: "wg show on its side shows nothing received",
    Cause.WRONG_ENDPOINT_HERE.value: "its own side shows another port or address",
    Cause.UNKNOWN_THERE.value: "its side has no peer with this interface's key",
    Cause.NO_KEEPALIVE.value: "it is back as soon as it sends something itself",
    Cause.ALLOWED_IPS_THERE.value: "a ping by it to this host's tunnel address fails, too",
    Cause.PACKET_FILTER_THERE.value: "a ping by it to this host's tunnel address gets through",
    Cause.NO_ANSWER_HERE.value: "a ping of its tunnel address from here gets through",
    NAT_FORGOT: "it is back as soon as it sends something itself",
    ASLEEP: "nothing comes from it either when it has something to send",
    STALE_ENDPOINT: "after a sync it answers",
}


def likely(cause: Cause | str, evidence: Evidence, detail: str = "") -> Likely:
    """A cause of first contact's, or one of this module's, with its words."""
    if isinstance(cause, Cause):
        address = next((str(one.network_address) for one in evidence.peer.allowed_ips), "")
        text = cause_words(cause, port=evidence.port, address=address, detail=detail)
        return Likely(cause.value, text, _TELLS.get(cause.value, ""))
    return Likely(cause, _OWN[cause].format(**_values(evidence)), _TELLS.get(cause, ""))


def _values(evidence: Evidence) -> dict[str, object]:
    return {
        "port": evidence.port,
        "file_port": evidence.file.listen_port if evidence.file else 0,
        "own_addresses": ", ".join(map(str, evidence.own.addresses)) if evidence.own else "",
        "host": evidence.dialled.host if evidence.dialled else "the name",
        "resolved": evidence.resolved,
        "endpoint": evidence.peer.endpoint,
    }
