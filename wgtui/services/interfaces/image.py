"""What goes away with a link, so that it can be made again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from wgtui.domain.device import Device
from wgtui.domain.errors import DeviceGone
from wgtui.domain.grammar.quick import InterfaceAddress
from wgtui.domain.network import PROTOCOL_KERNEL, LinkAddress, LinkSettings, Route, link_route
from wgtui.domain.plan import DeviceImage, SetAddress, SetRoute, Step
from wgtui.services.interfaces.context import PlannerContext


def image_of(
    context: PlannerContext, device: Device, own_addresses: Collection[InterfaceAddress], *, has_hooks: bool
) -> tuple[DeviceImage, list[Step]]:
    """A device with what `up` gave it, and the steps that remove what else it has.

    Taken back, these steps come after the hooks, which may have made the same themselves. Without hooks
    the image has all of it.

    Args:
        context: The host.
        device: As it is.
        own_addresses: Those that `up` gave it.
        has_hooks: Whether `up` ran commands.

    Raises:
        DeviceGone: It vanished meanwhile.
    """
    name, network = device.name, context.host.network
    link = network.link(name)
    if link is None:
        raise DeviceGone(f"{name} vanished.")
    addresses = [address for address in network.addresses(name) if not address.kernel_made]
    routes = [route for route in network.routes(link=name) if route.protocol != PROTOCOL_KERNEL]
    others, other_routes = [], []
    if has_hooks:
        others = [address for address in addresses if address.interface not in own_addresses]
        other_routes = [route for route in routes if not _is_of_an_allowed_ip(route, device)]
    image = DeviceImage(
        device,
        LinkSettings(link.up, link.mtu),
        _as_added(address for address in addresses if address not in others),
        tuple(route for route in routes if route not in other_routes),
    )
    return image, [
        *(SetRoute(route, present=False) for route in other_routes),
        *(SetAddress(name, address, present=False) for address in others),
    ]


def _as_added(addresses: Iterable[LinkAddress]) -> tuple[LinkAddress, ...]:
    """The order in which to add addresses to get the kernel's: it puts each new IPv6 one in front."""
    present = list(addresses)
    ipv6 = [address for address in present if address.interface.version == 6]
    return (*(address for address in present if address not in ipv6), *reversed(ipv6))


def _is_of_an_allowed_ip(route: Route, device: Device) -> bool:
    is_plain = route.key == link_route(route.destination, device.name, route.table).key
    return is_plain and any(route.destination in peer.allowed_ips for peer in device.peers)
