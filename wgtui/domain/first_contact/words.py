"""The findings in sentences. Every sentence stands alone; addresses and keys are put in, nothing else is."""

from __future__ import annotations

from typing import Final

from wgtui.domain.first_contact.finding import Cause, Finding, Reason

_REASONS: Final = {
    Reason.DISABLED: "It is disabled in the file, so the interface does not know it.",
    Reason.DOWN: "The interface is down: nothing can arrive before it is brought up.",
    Reason.NO_PRIVATE_KEY: "The interface has no private key, so it can shake hands with nobody.",
    Reason.NO_PORT: "The interface has no UDP port open, so nothing can arrive.",
    Reason.NOTHING_ARRIVES: "No packet has arrived at UDP port {port} since {since}.",
    Reason.ONLY_TCP: "Only TCP arrives at port {port}, from {place}; WireGuard speaks UDP.",
    Reason.NOT_WIREGUARD: "UDP packets arrive at port {port} from {place}, but they are not WireGuard's.",
    Reason.OLD_SESSION: "{place} sends data of a session that this interface does not know.",
    Reason.OTHER_KEY: "Calls arrive from {place}, but they are made for another public key than this "
    "interface's.",
    Reason.UNKNOWN_CALLER: "Calls arrive from {place} by a key that is no peer here: {key}.",
    Reason.IN_PROGRESS: "A call is under way.",
    Reason.UNDER_LOAD: "Its calls arrive from {place}; this host is under load and asks it to call again.",
    Reason.NOT_LET_IN: "Its calls arrive from {place}, with the right keys, and WireGuard does not answer.",
    Reason.OLD_STAMP: "Its calls arrive from {place} and are dropped as repeats of older ones.",
    Reason.ANSWER_NOT_TAKEN: "It calls from {place} and is answered, but it does not go on from there.",
    Reason.NOT_CALLED: "Nothing was sent to it at {place} yet, and nothing came from it.",
    Reason.CALL_UNANSWERED: "This host calls it at {place} and gets no answer.",
    Reason.ANSWER_REFUSED: "It answers our call from {place}, but the answer leads to no handshake.",
    Reason.SOMETHING_ARRIVES: "Packets arrive at UDP port {port}, {count} since {since}; from whom and what "
    "they are cannot be seen.",
    Reason.NOTHING_HEARD: "Nothing was heard of it since {since}.",
    Reason.NOTHING_RECEIVED: "There was a handshake, but nothing was received since.",
    Reason.ONLY_KEEPALIVES: "There was a handshake; no data with content came yet.",
    Reason.ONE_WAY: "There was a handshake, and data comes in, but this host sends none back.",
    Reason.QUIET: "There was a handshake, and nothing passes now. That is normal without traffic.",
    Reason.BOTH_WAYS: "There was a handshake, and data passes.",
}

_CAUSES: Final = {
    Cause.NOT_STARTED: "It is not started yet: switch the tunnel on at its side. A peer without a keepalive "
    "calls only when it has something to send.",
    Cause.WRONG_ENDPOINT: "The Endpoint in its file leads elsewhere: compare it with this host's public "
    "address and port {port}.",
    Cause.ROUTER: "The router in front of this host does not forward UDP port {port} to it.",
    Cause.PROVIDER: "The provider's firewall (security group) does not let UDP port {port} in: open it in "
    "the provider's console.",
    Cause.CARRIER_NAT: "This host is behind a carrier's NAT: nobody can call it from outside. Another host "
    "with a public address has to be the one that is called.",
    Cause.TCP_FOR_UDP: "A rule on the way was made for TCP: it has to be UDP.",
    Cause.SCANNER: "Somebody scans the port. Then UDP does reach it, and the peer has not called yet.",
    Cause.DISGUISED: "Something on the way changes the packets, or a disguising program (obfuscation) runs "
    "at its side only.",
    Cause.INTERFACE_REMADE: "The interface was made anew while the peer's session was alive. The peer calls "
    "again by itself within three minutes.",
    Cause.WRONG_PUBLIC_KEY_THERE: "If that is this peer, the PublicKey of this host in its file is wrong or "
    "outdated: give it its file anew.",
    Cause.WRONG_PUBLIC_KEY_HERE: "Its public key here is wrong or outdated.",
    Cause.OTHER_KEY_OF_IT: "If that is this peer, its public key here is wrong or outdated, or its "
    "file was never applied here.",
    Cause.PACKET_FILTER: "This host's packet filter drops it: let UDP port {port} in.{detail}",
    Cause.REVERSE_PATH: "The kernel drops them because answers would leave by another link (rp_filter).",
    Cause.CLOCK_THERE: "Its clock was set back, as a device without a battery does when it starts. Set its "
    "clock, or remove and add the peer here.",
    Cause.CLOCK_HERE: "This host's clock was set back since it last called there.",
    Cause.PRESHARED_KEY: "The preshared key differs: it has to be the same on both sides, or on none.",
    Cause.ANSWER_LOST: "What this host sends gets lost on its way back: a firewall on the way, or a way back "
    "by another address.",
    Cause.FAR_SIDE_CLOSED: "WireGuard does not run there, or a firewall or router on its side does not let "
    "the UDP port in.",
    Cause.WRONG_ENDPOINT_HERE: "The Endpoint here is wrong: compare address and port with the other side.",
    Cause.UNKNOWN_THERE: "The other side does not have this host's public key among its peers.",
    Cause.NO_TRAFFIC: "Nothing was sent with content yet: a ping of {address} starts it.",
    Cause.NO_KEEPALIVE: "It sends no keepalives: behind NAT its file needs PersistentKeepalive = 25.",
    Cause.ALLOWED_IPS_THERE: "AllowedIPs in its file do not cover this host's address in the tunnel.",
    Cause.PACKET_FILTER_THERE: "The peer gets what is sent and does not answer: a firewall on it drops it, "
    "as those of Windows and phones do with pings.",
    Cause.NO_ANSWER_HERE: "This host's packet filter drops what comes out of the tunnel, or nothing here "
    "answers to it.",
}


def reason_words(finding: Finding, *, port: int, since: str, ellipsis: str = "...") -> str:
    """What is seen, as one sentence.

    Args:
        finding: It.
        port: The interface's UDP port.
        since: The time of day when watching began.
        ellipsis: Behind a shortened key.
    """
    place = str(finding.endpoint) if finding.endpoint else "an unknown address"
    key = finding.key.short() + ellipsis if finding.key else ""
    return _REASONS[finding.reason].format(port=port, since=since, place=place, key=key, count=finding.count)


def cause_words(cause: Cause, *, port: int, address: str, detail: str = "") -> str:
    """What may be behind it and what to do, as one or two sentences.

    Args:
        cause: It.
        port: The interface's UDP port.
        address: The peer's in the tunnel, or a prefix behind it; empty for none.
        detail: What decides, in a sentence.
    """
    target = f"an address in {address}" if "/" in address else address or "an address behind it"
    by = f" {detail}" if detail else ""
    return _CAUSES[cause].format(port=port, address=target, detail=by)


def finding_words(finding: Finding, *, port: int, since: str, address: str) -> tuple[str, ...]:
    """What is seen, then what may be behind it, the likeliest first."""
    causes = (
        cause_words(cause, port=port, address=address, detail=finding.detail) for cause in finding.causes
    )
    return (reason_words(finding, port=port, since=since), *causes)
