"""What cannot be turned from here, and why."""

from __future__ import annotations

from wgtui.domain.errors import EditRefused
from wgtui.domain.forwarding import DiskState, FirewalldPlace, NowState, Row, SwitchName
from wgtui.domain.forwarding.judging import PURPOSES
from wgtui.domain.forwarding.scene import Scene
from wgtui.domain.text import printable


def refuse_target(scene: Scene, switch: SwitchName, on: bool, target: str) -> None:
    """Raise `EditRefused` for an interface that is missing, unknown, or not asked for."""
    if switch is not SwitchName.MASQUERADE:
        if target:
            raise EditRefused(f"{switch} is for no interface in particular.", hint="Leave it out.")
        return
    names = [link.name for link in scene.around.links]
    if on and not target:
        example = names[0] if names else "eth0"
        raise EditRefused(
            "Masquerading needs the interface on which packets leave.",
            hint=f"Such as: wgtui forward {scene.interface} on masquerade {printable(example)}",
        )
    if on and target not in names:
        shown = ", ".join(map(printable, names)) or "none"
        raise EditRefused(
            f"There is no interface {printable(target)} to masquerade on.", hint=f"There are: {shown}."
        )


def refuse_foreign(scene: Scene, row: Row | None, switch: SwitchName) -> None:
    """Raise `EditRefused` for turning off what is on by a rule that is in no file of the interface."""
    if row is None or row.now is not NowState.ON or row.disk.state is not DiskState.OFF:
        return
    if any(state.placed.rule.purpose in PURPOSES[switch] for state in scene.states):
        return
    raise EditRefused(
        f"{switch.value} is on by a rule of somebody else, not by {scene.interface}'s file.",
        hint="Remove it where it was made.",
    )


def refuse_firewalld(scene: Scene) -> None:
    """Raise `EditRefused` for a namespace with a firewalld, which is not asked from outside of it."""
    places = scene.placement.places if scene.placement is not None else ()
    if scene.boot.is_namespace and any(isinstance(place, FirewalldPlace) for place in places):
        raise EditRefused(
            "firewalld has the packet filter of this network namespace, and is not asked from outside.",
            hint="Run wgtui inside it: ip netns exec NAME wgtui ...",
        )


def refuse_without_program(scene: Scene) -> None:
    """Raise `EditRefused` where nothing could put rules in force: the interface would no longer come up."""
    if not scene.has_program:
        raise EditRefused(
            "Rules need the program nft or iptables, and this host has neither.",
            hint="Install one, on Debian and Ubuntu with: apt install nftables",
        )
