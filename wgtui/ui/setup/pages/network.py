"""This host's end of the tunnel: name, subnets, port, endpoint, and what peers' files get."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from wgtui.domain.editing.intents import NO_ENDPOINT
from wgtui.domain.forms import (
    Entered,
    Problem,
    enter_allowed_ips,
    enter_interface_name,
    enter_listen_port,
    enter_mtu,
)
from wgtui.domain.setup import Scenario
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Tone
from wgtui.ui.presentation.editors import joined
from wgtui.ui.presentation.setup.fields import (
    Addresses,
    dns_list,
    endpoint_text,
    endpoint_with,
    own_addresses,
)
from wgtui.ui.presentation.setup.network_words import NetworkView, network_problems
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.setup.messages import TakeFile
from wgtui.ui.setup.pages.base import SetupForm, read
from wgtui.ui.setup.session import SetupSession
from wgtui.ui.widgets.button_row import Choice
from wgtui.ui.widgets.forms import FormField, FormHeading, TextField, ToggleField
from wgtui.ui.widgets.paragraphs import Paragraphs

Value = TypeVar("Value")

_FILE = Choice("file", "Take the relay's file")
_PLAIN = ("name", "listen_port", "endpoint", "lans", "peer_dns", "peer_mtu")


class NetworkPage(SetupForm):
    """Everything about this host's own interface, with what is free proposed."""

    def __init__(self, painter: Painter, session: SetupSession) -> None:
        """Show the answers, and proposals where there is none."""
        scenario, filled = session.scenario, session.filled.interface
        dials = scenario.dials
        given = tuple(filled.addresses or ())
        self._proposed_endpoint = endpoint_text(filled.endpoint)
        self._interface = _text("name", "Interface", enter_interface_name, filled.name or "")
        self._v4 = _addresses_field(4, given, scenario)
        self._with_v6 = ToggleField(
            "with_ipv6",
            "IPv6",
            on=any(one.version == 6 for one in given),
            texts=("in the tunnel too", "not in the tunnel"),
            hint=_HINTS["with_ipv6"],
        )
        local = tuple(one for one in given if one.version == 6) or (session.scene.proposals.ipv6,)
        self._v6 = _addresses_field(6, local, scenario)
        port, picked = str(filled.listen_port or ""), "the system picks one"
        port_hint = "dialling_port" if dials else "listen_port"
        self._port = _text("listen_port", "Listen port", enter_listen_port, port, picked, hint=port_hint)
        takes = endpoint_with(lambda: read(self._port) or 0)
        example = "such as vpn.example.org"
        self._endpoint = _text("endpoint", "Public endpoint", takes, self._proposed_endpoint, example)
        lans, servers = joined(filled.lans or ()), joined(filled.peer_dns or ())
        self._lans = _text("lans", "LAN behind here", enter_allowed_ips, lans, "none")
        self._heading = FormHeading(painter, "In the peers' own files")
        self._dns = _text("peer_dns", "DNS", dns_list, servers, "their own")
        self._mtu = _text("peer_mtu", "MTU", enter_mtu, str(filled.peer_mtu or ""), "automatic")
        self._port_before = filled.listen_port or 0
        common = (self._interface, self._v4, self._with_v6, self._v6, self._port)
        called = () if dials else (self._endpoint,)
        theirs = () if dials else (self._heading, self._dns, self._mtu)
        joins = scenario is Scenario.JOIN
        intro = (Paragraphs(painter, _file_lines, classes="intro"),) if joins else ()
        more = (_FILE,) if joins else ()
        super().__init__(painter, session, *intro, *common, *called, self._lans, *theirs, more=more)

    def pressed(self, name: str) -> None:
        """Use the relay's file in place of all further answers."""
        self.post_message(TakeFile())

    def show_needed(self) -> None:
        """IPv6 has its field only when it is wanted; the proposed endpoint follows the port."""
        self._v6.display = self._with_v6.value
        port = read(self._port)
        if port and port != self._port_before:
            if self._endpoint.text.endswith(f":{self._port_before}"):
                self._endpoint.text = f"{self._endpoint.text.removesuffix(str(self._port_before))}{port}"
            self._port_before = port

    def answer(self, changed: Mapping[str, FormField[Any]]) -> None:
        """Take what can be read."""
        values = {name: read(field) for name, field in changed.items() if name in _PLAIN}
        if changed.keys() & {"ipv4", "with_ipv6", "ipv6"}:
            values["addresses"] = self._own_addresses()
        self.session.answer(**values)

    def problems(self) -> Iterable[Problem]:
        """What the host has already, and from where the endpoint can be dialled."""
        endpoint = None if self.session.scenario.dials else read(self._endpoint)
        view = NetworkView(
            scenario=self.session.scenario,
            name=read(self._interface) or "",
            ipv4=read(self._v4),
            ipv6=read(self._v6) if self._with_v6.value else (),
            listen_port=read(self._port),
            endpoint=None if endpoint == NO_ENDPOINT else endpoint,
            lans=read(self._lans),
        )
        scene = self.session.scene
        return network_problems(view, scene.names, scene.facts.udp_ports, scene.proposals.taken)

    def _own_addresses(self) -> Addresses | None:
        ipv4, ipv6 = read(self._v4), read(self._v6) if self._with_v6.value else ()
        return None if ipv4 is None or ipv6 is None else (*ipv4, *ipv6)


def _file_lines(width: int) -> list[Line]:
    text = "If the relay has made a file for this host, take that: it says all that is asked here."
    return paragraph(text, width, Tone.DIM)


def _text(
    name: str,
    label: str,
    enter: Callable[[str], Entered[Value]],
    text: str,
    placeholder: str = "",
    *,
    hint: str = "",
) -> TextField[Value]:
    return TextField(name, label, enter, text=text, placeholder=placeholder, hint=_HINTS[hint or name])


def _addresses_field(version: int, given: Addresses, scenario: Scenario) -> TextField[Addresses]:
    name, label = f"ipv{version}", f"IPv{version} address"
    own = joined(one for one in given if one.version == version)
    absent, hint = "none", "address"
    if scenario is Scenario.JOIN:
        absent, hint = "as the relay has it for this host", "given_address"
    return _text(name, label, own_addresses(name, version), own, absent, hint=hint)


_HINTS = {
    "name": "The interface's name, and that of its file. At most 15 characters.",
    "address": "This host's own address with the length of the tunnel's subnet; any length will do, such as"
    " /24 for 253 peers.",
    "with_ipv6": "Addresses of a network of your own, which nobody else has; no provider is needed for them.",
    "given_address": "The address that the relay has for this host, with the length of the relay's subnet.",
    "listen_port": "The UDP port that peers call. A firewall in front of this host has to let it in.",
    "dialling_port": "This host calls, and is not called: empty lets the system pick a port.",
    "endpoint": "Where peers call this host: a public name or address."
    " Without a port it gets the listen port.",
    "lans": "Networks behind this host that the other side may reach, separated by commas.",
    "peer_dns": "Servers that phones and laptops ask while the tunnel is up, such as 9.9.9.9; empty leaves"
    " them their own.",
    "peer_mtu": "Bytes of a packet inside the tunnel, at the peers; empty lets each of them work it out.",
}
