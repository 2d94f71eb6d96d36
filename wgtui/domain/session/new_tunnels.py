"""Tunnels that a unit brings up from a file which the plan itself writes: what is in it can be told."""

from __future__ import annotations

from itertools import chain

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import InterfaceConfig, read_config
from wgtui.domain.forwarding import is_own_down, read_up
from wgtui.domain.plan import Plan, SetFile
from wgtui.domain.session.facts import SessionFacts
from wgtui.domain.session.ssh import SshSession
from wgtui.domain.wgquick import parse

_FOLDER = "/etc/wireguard"
"""Where `wg-quick@.service` finds its files."""


def leaves_session_alone(plan: Plan, link: str, session: SshSession, facts: SessionFacts) -> bool:
    """Whether a plan writes the file of a new tunnel, and bringing that up bears on no packet of the session.

    Such a tunnel has only hooks that wgtui itself writes, no default route, and no prefix around an address
    of the session or of the link that it comes by.

    Args:
        plan: It.
        link: The tunnel.
        session: The operator's.
        facts: The way it takes.
    """
    path = f"{_FOLDER}/{link}.conf"
    written = [step for step in plan.steps if isinstance(step, SetFile) and step.path == path]
    if len(written) != 1 or written[0].before is not None or written[0].after is None:
        return False
    reading = read_config(parse(written[0].after.content))
    return _runs_only_our_hooks(reading.config) and not any(
        _is_near(prefix, session, facts) for prefix in _prefixes(reading.config)
    )


def _runs_only_our_hooks(config: InterfaceConfig) -> bool:
    hooks = (*config.quick.pre_up, *config.quick.post_up)
    return all(read_up(command) or is_own_down(command) for command in hooks)


def _prefixes(config: InterfaceConfig) -> tuple[Prefix, ...]:
    allowed = chain.from_iterable(peer.allowed_ips for peer in config.peers())
    return (*(address.network for address in config.quick.addresses), *allowed)


def _is_near(prefix: Prefix, session: SshSession, facts: SessionFacts) -> bool:
    ends = (session.client, session.server, *(leg.packet.destination for leg in facts.legs))
    links = (address.interface.network for address in facts.addresses)
    return (
        not prefix.prefixlen
        or any(end in prefix for end in ends)
        or any(net.version == prefix.version and net.overlaps(prefix) for net in links)
    )
