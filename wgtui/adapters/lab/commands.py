"""Running the host's programs for a lab, with a deadline and a sentence for every failure."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from wgtui.adapters.lab.firewall import Firewall, Iptables, Nftables
from wgtui.adapters.launching import entering
from wgtui.adapters.netns import entered_netns, netns_path
from wgtui.domain.errors import HostCommandFailed, PermissionRefused

_DEADLINE: Final = 15.0


def require_root() -> None:
    """Raise `PermissionRefused` unless we are root, which network namespaces need."""
    if os.geteuid() != 0:
        raise PermissionRefused("The lab makes network namespaces, which only root may do.", hint="Use sudo.")


def require_ip() -> None:
    """Raise `HostCommandFailed` unless there is iproute2."""
    if shutil.which("ip") is None:
        text = "The lab needs the program ip."
        raise HostCommandFailed(text, hint="Install it, on Debian and Ubuntu with: apt install iproute2")


def find_firewall(netns: str) -> Firewall:
    """The dialect that works here: the tutorial's iptables, else nft.

    Args:
        netns: A network namespace in which to try them.

    Raises:
        HostCommandFailed: Neither works.
    """
    reasons = []
    candidates: tuple[tuple[Firewall, tuple[str, ...]], ...] = (
        (Iptables(), ("iptables", "-t", "nat", "-S")),
        (Nftables(), ("nft", "list", "tables")),
    )
    for firewall, attempt in candidates:
        try:
            with entered_netns(netns):
                run(attempt, what=f"use {attempt[0]}")
        except (HostCommandFailed, PermissionRefused) as error:
            reasons.append(error.text)
        else:
            return firewall
    text = f"The lab's routers need iptables or nft, and neither works here. {' '.join(reasons)}"
    raise HostCommandFailed(text, hint="Install one, on Debian and Ubuntu with: apt install nftables")


def run(command: Sequence[str], *, input_text: str = "", what: str) -> str:
    """Run a program to its end.

    Args:
        command: Program and arguments; nothing secret.
        input_text: For its standard input.
        what: What it is for, as in "could not WHAT".

    Returns:
        What it printed.

    Raises:
        PermissionRefused: It was not permitted.
        HostCommandFailed: It is missing, failed, or did not end in time.
    """
    try:
        done = subprocess.run(
            command, input=input_text, capture_output=True, text=True, timeout=_DEADLINE, check=False
        )
    except FileNotFoundError:
        raise HostCommandFailed(f"The lab could not {what}: there is no program {command[0]}.") from None
    except subprocess.TimeoutExpired:
        text = f"The lab could not {what}: {command[0]} did not end within {_DEADLINE:g} seconds."
        raise HostCommandFailed(text) from None
    if done.returncode == 0:
        return done.stdout
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    reason = lines[0].rstrip(".") if lines else f"{command[0]} failed with status {done.returncode}"
    if "ermission denied" in reason or "not permitted" in reason:
        hint = "In a container, the lab needs CAP_SYS_ADMIN and CAP_NET_ADMIN."
        raise PermissionRefused(f"The lab could not {what}: {reason}.", hint=hint)
    raise HostCommandFailed(f"The lab could not {what}: {reason}.")


def on_node(netns: str, run_folder: Path) -> list[str]:
    """The start of a command line that runs the rest on a node, as our child and no longer than we live."""
    return entering(netns_path(netns), run_folder)
