"""The steps that plans are made of.

A step takes one resource of the host from a state before to a state after. It knows both, so its inverse
is the same step with the two exchanged, and whoever looks at the resource can tell whether it was taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wgtui.domain.change import DeviceChange
from wgtui.domain.device import Device
from wgtui.domain.forwarding import PlacedRule
from wgtui.domain.host import DnsSettings, FileImage, GuardRules, UnitState
from wgtui.domain.network import LinkAddress, LinkSettings, Route, Rule


@dataclass(frozen=True, slots=True)
class DeviceImage:
    """A WireGuard device with all that goes away with its link.

    Attributes:
        device: What WireGuard reports of it.
        settings: Of its link.
        addresses: Those that the kernel did not make by itself.
        routes: Those by its link that the kernel did not make by itself.
    """

    device: Device
    settings: LinkSettings
    addresses: tuple[LinkAddress, ...] = ()
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True)
class SetFile:
    """Write, replace or remove a file."""

    path: str
    before: FileImage | None
    after: FileImage | None

    def inverse(self) -> SetFile:
        """The file as it was."""
        return replace(self, before=self.after, after=self.before)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"file {self.path}"


@dataclass(frozen=True, slots=True)
class SetDevice:
    """Make a WireGuard device, or delete one with its addresses and routes.

    Attributes:
        interface: Its name.
        before: None where there is none yet.
        after: None for none; to make a new one, an image of a device without key and peers, down.
    """

    interface: str
    before: DeviceImage | None
    after: DeviceImage | None

    def inverse(self) -> SetDevice:
        """Delete what was made, or make again what was deleted."""
        return replace(self, before=self.after, after=self.before)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"link {self.interface}"


@dataclass(frozen=True, slots=True)
class ConfigureDevice:
    """Set keys, port, mark and peers of a device, and nothing but what the change names."""

    interface: str
    change: DeviceChange
    undo: DeviceChange

    def inverse(self) -> ConfigureDevice:
        """The same with what takes the change back."""
        return replace(self, change=self.undo, undo=self.change)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"device {self.interface}"


@dataclass(frozen=True, slots=True)
class SetLink:
    """Set a link's MTU and bring it up or down."""

    interface: str
    before: LinkSettings
    after: LinkSettings

    def inverse(self) -> SetLink:
        """The link as it was."""
        return replace(self, before=self.after, after=self.before)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"settings {self.interface}"


@dataclass(frozen=True, slots=True)
class SetAddress:
    """Add an address to a link, or remove it."""

    interface: str
    address: LinkAddress
    present: bool

    def inverse(self) -> SetAddress:
        """Remove what was added, or add what was removed."""
        return replace(self, present=not self.present)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"address {self.interface} {self.address.interface}"


@dataclass(frozen=True, slots=True)
class SetRoute:
    """Add a route, or remove it."""

    route: Route
    present: bool

    def inverse(self) -> SetRoute:
        """Remove what was added, or add what was removed."""
        return replace(self, present=not self.present)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"route {self.route.key}"


@dataclass(frozen=True, slots=True)
class SetRule:
    """Add a routing policy rule, or remove it."""

    rule: Rule
    present: bool

    def inverse(self) -> SetRule:
        """Remove what was added, or add what was removed."""
        return replace(self, present=not self.present)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"rule {self.rule}"


@dataclass(frozen=True, slots=True)
class SetSysctl:
    """Set a kernel setting."""

    name: str
    before: str
    after: str

    def inverse(self) -> SetSysctl:
        """The setting as it was."""
        return replace(self, before=self.after, after=self.before)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"sysctl {self.name}"


@dataclass(frozen=True, slots=True)
class SetGuard:
    """Add or remove the packet filter rules that go with a default route through a tunnel."""

    interface: str
    before: GuardRules | None
    after: GuardRules | None

    def inverse(self) -> SetGuard:
        """The rules as they were."""
        return replace(self, before=self.after, after=self.before)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"guard {self.interface}"


@dataclass(frozen=True, slots=True)
class SetForwardRules:
    """Change the packet filter rules of an interface's forwarding switches.

    Only what the two differ in is changed, and looked at to tell whether the step was taken.

    Attributes:
        interface: Whose tag the rules carry.
        before: Rules as they are.
        after: Rules as they shall be.
    """

    interface: str
    before: tuple[PlacedRule, ...]
    after: tuple[PlacedRule, ...]

    def inverse(self) -> SetForwardRules:
        """The rules as they were."""
        return replace(self, before=self.after, after=self.before)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"forward rules {self.interface}"


@dataclass(frozen=True, slots=True)
class SetDns:
    """Hand DNS servers of a tunnel to resolvconf, or take them back."""

    interface: str
    before: DnsSettings | None
    after: DnsSettings | None

    def inverse(self) -> SetDns:
        """The servers as they were."""
        return replace(self, before=self.after, after=self.before)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"dns {self.interface}"


@dataclass(frozen=True, slots=True)
class SetUnit:
    """Enable or disable, start or stop a systemd unit."""

    unit: str
    before: UnitState
    after: UnitState

    def inverse(self) -> SetUnit:
        """The unit as it was."""
        return replace(self, before=self.after, after=self.before)

    @property
    def resource(self) -> str:
        """Identity of what it changes."""
        return f"unit {self.unit}"


@dataclass(frozen=True, slots=True)
class RunHooks:
    """Run commands that the operator wrote into a configuration.

    What they do cannot be seen, so what takes them back are the commands of the opposite hook: PostDown for
    PreUp, PreDown for PostUp.

    Attributes:
        interface: Whose hooks.
        config_path: File that they came from.
        hook: Name of the hook, such as `PostUp`.
        commands: In order, `%i` not yet replaced.
        undo_hook: Name of the opposite hook.
        undo_commands: Its commands.
    """

    interface: str
    config_path: str
    hook: str
    commands: tuple[str, ...]
    undo_hook: str = ""
    undo_commands: tuple[str, ...] = ()

    def inverse(self) -> RunHooks:
        """The commands of the opposite hook."""
        return replace(
            self,
            hook=self.undo_hook,
            commands=self.undo_commands,
            undo_hook=self.hook,
            undo_commands=self.commands,
        )

    @property
    def resource(self) -> str:
        """Identity of what it changes; every run is one of its own."""
        return f"hook {self.interface} {self.hook}"


Step = (
    SetFile
    | SetDevice
    | ConfigureDevice
    | SetLink
    | SetAddress
    | SetRoute
    | SetRule
    | SetSysctl
    | SetGuard
    | SetForwardRules
    | SetDns
    | SetUnit
    | RunHooks
)
"""One change to one resource of the host."""


def link_of(step: Step) -> str | None:
    """The link without which the step's resource does not exist; None where it needs none."""
    match step:
        case ConfigureDevice(interface=name) | SetLink(interface=name) | SetAddress(interface=name):
            return name
        case SetRoute(route=route):
            return route.link or None
        case _:
            return None
