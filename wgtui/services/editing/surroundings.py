"""What stands around the peer or the interface that is edited, read from the host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wgtui.domain.addresses import Prefix
from wgtui.domain.config import read_config
from wgtui.domain.errors import WgtuiError
from wgtui.domain.forms import FormContext, OtherInterface, form_context
from wgtui.domain.keys import PublicKey
from wgtui.domain.wgquick import Document, parse
from wgtui.ports.config_store import ConfigStore
from wgtui.ports.links import Links
from wgtui.services.apply import HostPorts
from wgtui.services.editing.config_editor import ConfigEditor


class Surroundings:
    """Collects what forms and commands examine their values against.

    Args:
        editor: Opens files.
        configs: Lists the files of all interfaces.
        links: All links of the host with their addresses.
    """

    def __init__(self, editor: ConfigEditor, configs: ConfigStore, links: Links) -> None:
        self._editor = editor
        self._configs = configs
        self._links = links

    def of(self, interface: str, document: Document, editing: PublicKey | None = None) -> FormContext:
        """The context of one form.

        What cannot be read is left out: it is for remarks, and the plan looks at the host again.

        Args:
            interface: Whose file is edited.
            document: It.
            editing: The peer that is edited; None for a new one, and for the interface.
        """
        host = self._editor.context.host
        up = _names(host)
        private_key = read_config(document).config.private_key
        own_key = None
        if private_key is not None and not private_key.is_zero:
            own_key = self._editor.context.public_key_of(private_key)
        return form_context(
            document,
            editing,
            own_key=own_key,
            device=host.wireguard.read(interface) if interface in up else None,
            interfaces=tuple(self._others(interface, up)),
            networks=tuple(self._networks(up)),
        )

    def _others(self, interface: str, up: tuple[str, ...]) -> Iterator[OtherInterface]:
        for name in sorted({*up, *self._configs.names()} - {interface}):
            try:
                other = self._of_file(name)
                yield self._of_device(other) if name in up else other
            except WgtuiError:
                continue

    def _of_file(self, name: str) -> OtherInterface:
        if self._configs.version(name) is None:
            return OtherInterface(name)
        config = read_config(parse(self._configs.read(name))).config
        return OtherInterface(
            name,
            listen_port=config.listen_port or 0,
            addresses=config.quick.addresses,
            prefixes=tuple(prefix for peer in config.peers() for prefix in peer.allowed_ips),
        )

    def _of_device(self, other: OtherInterface) -> OtherInterface:
        host = self._editor.context.host
        device = host.wireguard.read(other.name)
        addresses = tuple(address.interface for address in host.network.addresses(other.name))
        return replace(
            other,
            is_up=True,
            listen_port=device.listen_port,
            addresses=addresses or other.addresses,
            prefixes=tuple(prefix for peer in device.peers for prefix in peer.allowed_ips),
        )

    def _networks(self, up: tuple[str, ...]) -> Iterator[tuple[str, Prefix]]:
        """The subnets of the links that are no tunnels and not the host's loopback."""
        for link in self._links.all():
            if link.name not in up and link.name != "lo":
                yield from (
                    (link.name, address.network) for address in link.addresses if not address.is_link_local
                )


def _names(host: HostPorts) -> tuple[str, ...]:
    try:
        return host.wireguard.names()
    except WgtuiError:
        return ()
