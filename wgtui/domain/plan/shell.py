"""Steps as the shell commands that would do the same, for operators to learn from and to repeat.

Secrets are never written out: where a command needs one, `KEYFILE` stands for a file that holds it, and what
looks like a key in a hook is hidden.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import assert_never

from wgtui.domain.change import DeviceChange, PeerChange
from wgtui.domain.forwarding import change_commands
from wgtui.domain.network import MAIN_TABLE, PROTOCOL_BOOT, LinkSettings, Route, Rule
from wgtui.domain.plan import steps
from wgtui.domain.plan.steps import Step
from wgtui.domain.text import without_keys


def commands(step: Step) -> tuple[str, ...]:
    """Shell commands, in order; a line that starts with `#` says what no command expresses."""
    match step:
        case steps.SetFile():
            return tuple(_file(step))
        case steps.SetDevice():
            return tuple(_device(step))
        case steps.ConfigureDevice():
            return tuple(_configure(step.interface, step.change))
        case steps.SetLink():
            return (_link(step.interface, step.before, step.after),)
        case steps.SetAddress():
            return (_address(step),)
        case steps.SetRoute():
            return (_route(step.route, step.present),)
        case steps.SetRule():
            return (_rule(step.rule, step.present),)
        case steps.SetSysctl():
            return (_words("sysctl", "-w", f"{step.name}={step.after}"),)
        case steps.SetGuard():
            return (_guard(step),)
        case steps.SetForwardRules():
            return change_commands(step.before, step.after, step.interface)
        case steps.SetDns():
            return (_dns(step),)
        case steps.SetUnit():
            return tuple(_unit(step))
        case steps.RunHooks():
            return tuple(without_keys(command.replace("%i", step.interface)) for command in step.commands)
        case _:
            assert_never(step)


def _words(*words: str) -> str:
    return shlex.join(words)


def _file(step: steps.SetFile) -> Iterator[str]:
    if step.after is None:
        yield _words("rm", step.path)
    elif step.before is not None and step.before.content == step.after.content:
        yield _words("chmod", f"{step.after.mode:04o}", step.path)
    else:
        yield _words("install", "-m", f"{step.after.mode:04o}", "NEWFILE", step.path)


def _device(step: steps.SetDevice) -> Iterator[str]:
    if step.after is None:
        yield _words("ip", "link", "delete", "dev", step.interface)
        return
    yield _words("ip", "link", "add", "dev", step.interface, "type", "wireguard")
    image = step.after
    if image.device.peers or image.device.private_key is not None:
        yield _words("wg", "setconf", step.interface, "KEYFILE")
    for address in image.addresses:
        yield _words("ip", "address", "add", str(address.interface), "dev", step.interface)
    if image.settings.up:
        mtu = str(image.settings.mtu)
        yield _words("ip", "link", "set", "mtu", mtu, "up", "dev", step.interface)
    for route in image.routes:
        yield _route(route, True)


def _configure(interface: str, change: DeviceChange) -> Iterator[str]:
    own: list[str] = []
    if change.private_key is not None:
        own += ["private-key", "/dev/null" if change.private_key.is_zero else "KEYFILE"]
    if change.listen_port is not None:
        own += ["listen-port", str(change.listen_port)]
    if change.fwmark is not None:
        own += ["fwmark", f"{change.fwmark:#x}" if change.fwmark else "off"]
    if change.replace_peers:
        yield "# all peers that do not follow here are removed first"
    if own:
        yield _words("wg", "set", interface, *own)
    for peer in change.peers:
        yield _words("wg", "set", interface, *_peer(peer))


def _peer(peer: PeerChange) -> Iterator[str]:
    yield from ("peer", str(peer.public_key))
    if peer.remove:
        yield "remove"
        return
    if peer.preshared_key is not None:
        yield from ("preshared-key", "/dev/null" if peer.preshared_key.is_zero else "KEYFILE")
    if peer.endpoint is not None:
        yield from ("endpoint", str(peer.endpoint))
    if peer.persistent_keepalive is not None:
        yield from ("persistent-keepalive", str(peer.persistent_keepalive or "off"))
    given = [str(prefix) for prefix in peer.allowed_ips]
    if peer.replace_allowed_ips:
        yield from ("allowed-ips", ",".join(given))
    elif given or peer.removed_allowed_ips:
        signed = [f"+{prefix}" for prefix in given] + [f"-{prefix}" for prefix in peer.removed_allowed_ips]
        yield from ("allowed-ips", ",".join(signed))


def _link(interface: str, before: LinkSettings, after: LinkSettings) -> str:
    words = ["ip", "link", "set"]
    if after.mtu != before.mtu:
        words += ["mtu", str(after.mtu)]
    if after.up != before.up:
        words += ["up" if after.up else "down"]
    return _words(*words, "dev", interface)


def _address(step: steps.SetAddress) -> str:
    verb = "add" if step.present else "delete"
    return _words("ip", "address", verb, str(step.address.interface), "dev", step.interface)


def _route(route: Route, present: bool) -> str:
    destination = "default" if route.destination.prefixlen == 0 else str(route.destination)
    words = ["ip", f"-{route.destination.version}", "route", "add" if present else "delete", destination]
    if route.gateway is not None:
        words += ["via", str(route.gateway)]
    if route.link:
        words += ["dev", route.link]
    if route.table != MAIN_TABLE:
        words += ["table", str(route.table)]
    if route.metric and not (route.destination.version == 6 and route.metric == 1024):
        words += ["metric", str(route.metric)]
    if route.protocol != PROTOCOL_BOOT:
        words += ["protocol", str(route.protocol)]
    if route.source is not None:
        words += ["src", str(route.source)]
    if route.mtu:
        words += ["mtu", *(["lock"] if route.mtu_locked else []), str(route.mtu)]
    return _words(*words)


def _rule(rule: Rule, present: bool) -> str:
    words = ["ip", f"-{rule.family}", "rule", "add" if present else "delete"]
    if rule.invert:
        words.append("not")
    if rule.source is not None:
        words += ["from", str(rule.source)]
    if rule.destination is not None:
        words += ["to", str(rule.destination)]
    if rule.fwmark is not None:
        mask = "" if rule.fwmask == 0xFFFFFFFF else f"/{rule.fwmask:#x}"
        words += ["fwmark", f"{rule.fwmark:#x}{mask}"]
    if rule.input_link:
        words += ["iif", rule.input_link]
    if rule.output_link:
        words += ["oif", rule.output_link]
    if rule.priority is not None:
        words += ["priority", str(rule.priority)]
    words += ["table", "main" if rule.table == MAIN_TABLE else str(rule.table)]
    if rule.suppress_prefix_length is not None:
        words += ["suppress_prefixlength", str(rule.suppress_prefix_length)]
    return _words(*words)


def _guard(step: steps.SetGuard) -> str:
    if step.after is None:
        families = ("ip", "ip6")
        return "; ".join(
            _words("nft", "delete", "table", name, f"wg-quick-{step.interface}") for name in families
        )
    return f"# nft -f: the tables ip and ip6 wg-quick-{step.interface}, as wg-quick makes them"


def _dns(step: steps.SetDns) -> str:
    if step.after is None:
        return _words("resolvconf", "-d", step.interface, "-f")
    lines = [f"nameserver {server}" for server in step.after.servers]
    if step.after.search:
        lines.append(f"search {' '.join(step.after.search)}")
    text = "\\n".join(lines) + "\\n"
    return f"printf {shlex.quote(text)} | {_words('resolvconf', '-a', step.interface, '-m', '0', '-x')}"


def _unit(step: steps.SetUnit) -> Iterator[str]:
    if step.before.enabled != step.after.enabled:
        yield _words("systemctl", "enable" if step.after.enabled else "disable", step.unit)
    if step.before.active != step.after.active:
        yield _words("systemctl", "start" if step.after.active else "stop", step.unit)
