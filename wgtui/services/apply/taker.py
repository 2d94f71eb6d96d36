"""Takes single steps."""

from __future__ import annotations

from typing import assert_never

from wgtui.domain.applying import difference
from wgtui.domain.errors import FileChanged, HostCommandFailed, WgtuiError
from wgtui.domain.plan import steps
from wgtui.domain.plan.steps import Step
from wgtui.ports.links import Link
from wgtui.services.apply.host import HostPorts
from wgtui.services.apply.standing import Standing, standing


class StepTaker:
    """Brings resources of a host from the state before a step to the state after it.

    Args:
        host: Its ports.
    """

    def __init__(self, host: HostPorts) -> None:
        self._host = host

    def standing(self, step: Step) -> Standing:
        """Whether the step was taken; raises what the ports raise."""
        return standing(step, self._host)

    def take_unless_taken(self, step: Step) -> bool:
        """Take a step unless the host has what it is for already; returns whether it was taken."""
        if self.standing(step) is Standing.AFTER:
            return False
        self.take(step)
        return True

    def link_made_by(self, step: Step) -> Link | None:
        """The link that a step has just made; None for one that makes none."""
        if isinstance(step, steps.SetDevice) and step.after is not None:
            return self._host.network.link(step.interface)
        return None

    def take(self, step: Step) -> None:
        """Take a step. What fails half way is left as it is: `take` of the inverse mends it."""
        host = self._host
        match step:
            case steps.SetFile():
                self._set_file(step)
            case steps.SetDevice():
                self._set_device(step)
            case steps.ConfigureDevice():
                host.wireguard.configure(step.interface, step.change)
            case steps.SetLink():
                host.network.set_link(step.interface, step.after)
            case steps.SetAddress(interface=name, address=address, present=present):
                (host.network.add_address if present else host.network.remove_address)(name, address)
            case steps.SetRoute(route=route, present=present):
                (host.network.add_route if present else host.network.remove_route)(route)
            case steps.SetRule(rule=rule, present=present):
                (host.network.add_rule if present else host.network.remove_rule)(rule)
            case steps.SetSysctl():
                host.sysctls.write(step.name, step.after)
            case steps.SetGuard():
                self._set_guard(step)
            case steps.SetForwardRules(interface=name, before=before, after=after):
                host.forward_rules.replace(name, before, after)
            case steps.SetDns():
                self._set_dns(step)
            case steps.SetUnit():
                host.units.set(step.unit, step.after)
            case steps.RunHooks():
                self._run_hooks(step)
            case _:
                assert_never(step)

    def _set_file(self, step: steps.SetFile) -> None:
        if standing(step, self._host) is Standing.ELSEWHERE:
            raise FileChanged(
                f"{step.path} was changed by somebody else in the meantime; nothing was written over it.",
                hint="Look at what changed, then try again.",
            )
        if step.after is None:
            self._host.files.remove(step.path)
        else:
            self._host.files.write(step.path, step.after)

    def _set_device(self, step: steps.SetDevice) -> None:
        host, name, image = self._host, step.interface, step.after
        if image is None:
            host.devices.delete(name)
            return
        host.devices.create(name)
        try:
            self._furnish(name, image)
        except WgtuiError:
            host.devices.delete(name)
            raise

    def _furnish(self, name: str, image: steps.DeviceImage) -> None:
        host = self._host
        change = difference(host.wireguard.read(name), image.device)
        if not change.is_empty:
            host.wireguard.configure(name, change)
        for address in image.addresses:
            host.network.add_address(name, address)
        if image.settings.up:
            host.network.set_link(name, image.settings)
        for route in image.routes:
            host.network.add_route(route)

    def _set_guard(self, step: steps.SetGuard) -> None:
        if step.before is not None:
            self._host.firewall.remove_guard(step.interface)
        if step.after is not None:
            self._host.firewall.add_guard(step.after)

    def _set_dns(self, step: steps.SetDns) -> None:
        if step.after is None:
            self._host.resolvconf.unset(step.interface)
        else:
            self._host.resolvconf.set(step.interface, step.after)

    def _run_hooks(self, step: steps.RunHooks) -> None:
        for command in step.commands:
            try:
                self._host.hooks.run(command, step.interface, step.config_path)
            except HostCommandFailed as error:
                raise HostCommandFailed(
                    f"A {step.hook} command of {step.interface} failed. {error.text}", hint=error.hint
                ) from None
