"""What changes need of a host besides its network, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from wgtui.domain.addresses import Endpoint
from wgtui.domain.config import EndpointConfig
from wgtui.domain.errors import FileRefused, HostCommandFailed, WgtuiError
from wgtui.domain.host import DnsSettings, FileImage, GuardRules, UnitState


@dataclass
class SimulatedFiles:
    """`Files` over a dictionary; whoever writes is root.

    Attributes:
        files: By path.
    """

    files: dict[str, FileImage] = field(default_factory=dict)

    def read(self, path: str) -> FileImage | None:
        """The file, or None where there is none."""
        return self.files.get(path)

    def write(self, path: str, image: FileImage) -> None:
        """Put a file there."""
        self.files[path] = replace(image, uid=image.uid or 0, gid=image.gid or 0)

    def remove(self, path: str) -> None:
        """Remove the file; raises `FileRefused` where there is none."""
        if self.files.pop(path, None) is None:
            raise FileRefused(f"{path} cannot be removed: there is no such file.")

    def names(self, folder: str) -> tuple[str, ...]:
        """What is in a folder, sorted."""
        start = folder.rstrip("/") + "/"
        inside = {path.removeprefix(start).split("/")[0] for path in self.files if path.startswith(start)}
        return tuple(sorted(inside))


@dataclass
class SimulatedSysctls:
    """`Sysctls` over a dictionary.

    Attributes:
        values: By dotted name; no others can be set.
    """

    values: dict[str, str] = field(
        default_factory=lambda: {
            "net.ipv4.ip_forward": "0",
            "net.ipv4.conf.all.src_valid_mark": "0",
            "net.ipv6.conf.all.forwarding": "0",
        }
    )

    def read(self, name: str) -> str | None:
        """The value, None where there is no such setting."""
        return self.values.get(name)

    def write(self, name: str, value: str) -> None:
        """Set a value; raises `WgtuiError` where there is no such setting."""
        if name not in self.values:
            raise WgtuiError(f"This kernel has no setting {name}.")
        self.values[name] = value.strip()


@dataclass
class SimulatedFirewall:
    """`Firewall` in memory.

    Attributes:
        guards: By interface.
    """

    guards: dict[str, GuardRules] = field(default_factory=dict)

    def has_guard(self, interface: str) -> bool:
        """Whether there are rules for this tunnel."""
        return interface in self.guards

    def add_guard(self, rules: GuardRules) -> None:
        """Add rules."""
        self.guards[rules.interface] = rules

    def remove_guard(self, interface: str) -> None:
        """Remove them."""
        self.guards.pop(interface, None)


@dataclass
class SimulatedResolvconf:
    """`Resolvconf` in memory.

    Attributes:
        available: Whether the host has the program.
        settings: By interface.
    """

    available: bool = True
    settings: dict[str, DnsSettings] = field(default_factory=dict)

    def is_available(self) -> bool:
        """Whether the host has the program."""
        return self.available

    def read(self, interface: str) -> DnsSettings | None:
        """What is set for an interface."""
        return self.settings.get(interface)

    def set(self, interface: str, settings: DnsSettings) -> None:
        """Set servers and search domains."""
        self._require_program()
        self.settings[interface] = settings

    def unset(self, interface: str) -> None:
        """Remove what was set."""
        self._require_program()
        self.settings.pop(interface, None)

    def _require_program(self) -> None:
        if not self.available:
            raise HostCommandFailed("There is no program resolvconf on this host.")


@dataclass
class SimulatedEndpointResolver:
    """`EndpointResolver` over a dictionary.

    Attributes:
        found: What names resolve to; others cannot be found.
    """

    found: dict[EndpointConfig, Endpoint] = field(default_factory=dict)

    def resolve(
        self, endpoints: Sequence[EndpointConfig], timeout: float
    ) -> dict[EndpointConfig, Endpoint | None]:
        """All at once."""
        return {endpoint: self.found.get(endpoint) for endpoint in endpoints}


@dataclass
class SimulatedHooks:
    """`Hooks` that only take notes.

    Attributes:
        runs: Commands in order, with `%i` replaced, also those that failed.
        statuses: Exit status by command; 0 for all others.
        on_run: Called with each command that goes well, for its effect.
    """

    runs: list[str] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    on_run: Callable[[str], None] = lambda command: None

    def run(self, command: str, interface: str, config_path: str) -> None:
        """Note a command."""
        text = command.replace("%i", interface)
        self.runs.append(text)
        status = self.statuses.get(text, 0)
        if status:
            raise HostCommandFailed(f"The command ended with status {status}: {text}.")
        self.on_run(text)


@dataclass
class SimulatedUnits:
    """`Units` in memory.

    Attributes:
        available: Whether systemd runs the host.
        units: By name; others do not exist.
    """

    available: bool = True
    units: dict[str, UnitState] = field(default_factory=dict)

    def is_available(self) -> bool:
        """Whether systemd runs the host."""
        return self.available

    def state(self, unit: str) -> UnitState | None:
        """The unit's state, None where there is no such unit or no systemd."""
        return self.units.get(unit) if self.available else None

    def set(self, unit: str, state: UnitState) -> None:
        """Bring a unit into a state; raises `HostCommandFailed` where there is no such unit."""
        if self.state(unit) is None:
            raise HostCommandFailed(f"There is no unit {unit}.")
        self.units[unit] = state
