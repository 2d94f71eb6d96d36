"""The two dialects in which a lab's routers and its LAN gateway speak to their firewall.

The lines stay inside the lab's namespaces. `%i` is wg-quick's word for the interface.
"""

from __future__ import annotations

from typing import Protocol


class Firewall(Protocol):
    """Commands for `sh`, each complete in itself."""

    def gateway_up(self, lan: str) -> tuple[str, ...]:
        """Let the tunnel through and masquerade it towards the LAN interface."""
        ...

    def gateway_down(self, lan: str) -> tuple[str, ...]:
        """Take `gateway_up` back."""
        ...

    def router_up(self, uplink: str, ports: tuple[int, int]) -> tuple[str, ...]:
        """Masquerade towards the uplink, UDP from a port of that range; let no stranger in."""
        ...

    def router_ports(self, uplink: str, ports: tuple[int, int]) -> tuple[str, ...]:
        """Change the range of ports. Flows that are known keep theirs until they are forgotten."""
        ...


class Iptables:
    """iptables, in either backend."""

    def gateway_up(self, lan: str) -> tuple[str, ...]:
        """See `Firewall`."""
        return (
            "iptables -A FORWARD -i %i -j ACCEPT",
            "iptables -A FORWARD -o %i -j ACCEPT",
            f"iptables -t nat -A POSTROUTING -o {lan} -j MASQUERADE",
        )

    def gateway_down(self, lan: str) -> tuple[str, ...]:
        """See `Firewall`."""
        return tuple(command.replace(" -A ", " -D ") for command in self.gateway_up(lan))

    def router_up(self, uplink: str, ports: tuple[int, int]) -> tuple[str, ...]:
        """See `Firewall`."""
        first, last = ports
        return (
            f"iptables -t nat -A POSTROUTING -o {uplink} -p udp -j MASQUERADE --to-ports {first}-{last}",
            f"iptables -t nat -A POSTROUTING -o {uplink} -j MASQUERADE",
            f"iptables -A INPUT -i {uplink} -m conntrack --ctstate NEW -j DROP",
        )

    def router_ports(self, uplink: str, ports: tuple[int, int]) -> tuple[str, ...]:
        """See `Firewall`."""
        first, last = ports
        return (
            f"iptables -t nat -R POSTROUTING 1 -o {uplink} -p udp -j MASQUERADE --to-ports {first}-{last}",
        )


class Nftables:
    """nft, in tables of the lab's own."""

    def gateway_up(self, lan: str) -> tuple[str, ...]:
        """See `Firewall`."""
        return (
            "nft add table ip wgtui-%i",
            "nft 'add chain ip wgtui-%i forward { type filter hook forward priority filter; }'",
            "nft add rule ip wgtui-%i forward iifname %i accept",
            "nft add rule ip wgtui-%i forward oifname %i accept",
            "nft 'add chain ip wgtui-%i postrouting { type nat hook postrouting priority srcnat; }'",
            f"nft add rule ip wgtui-%i postrouting oifname {lan} masquerade",
        )

    def gateway_down(self, lan: str) -> tuple[str, ...]:
        """See `Firewall`."""
        del lan
        return ("nft delete table ip wgtui-%i",)

    def router_up(self, uplink: str, ports: tuple[int, int]) -> tuple[str, ...]:
        """See `Firewall`."""
        return (
            "nft add table ip router",
            "nft 'add chain ip router input { type filter hook input priority filter; }'",
            f"nft add rule ip router input iifname {uplink} ct state new drop",
            "nft 'add chain ip router postrouting { type nat hook postrouting priority srcnat; }'",
            *self._postrouting(uplink, ports),
        )

    def router_ports(self, uplink: str, ports: tuple[int, int]) -> tuple[str, ...]:
        """See `Firewall`."""
        return ("nft flush chain ip router postrouting", *self._postrouting(uplink, ports))

    def _postrouting(self, uplink: str, ports: tuple[int, int]) -> tuple[str, ...]:
        first, last = ports
        rule = f"nft add rule ip router postrouting oifname {uplink}"
        return (f"{rule} meta l4proto udp masquerade to :{first}-{last}", f"{rule} masquerade")
