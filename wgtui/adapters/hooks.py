"""The commands of PreUp, PostUp, PreDown and PostDown, in bash as `wg-quick` runs them."""

from __future__ import annotations

from typing import Final

from wgtui.adapters.programs import run
from wgtui.domain.errors import HostCommandFailed
from wgtui.domain.text import printable, without_keys

_SHELL: Final = ("bash", "-O", "extglob", "-e", "-o", "pipefail", "-c")
"""wireguard-tools `wg-quick/linux.bash` sets these before all else."""

_SCRIPT: Final = """\
export -n INTERFACE CONFIG_FILE
set -- "$WGTUI_HOOK"
unset WGTUI_HOOK
eval "set --
$1\""""
"""Takes the command from the environment, which only its owner may read: as an argument, a key in it would
be seen by everybody. `INTERFACE` and `CONFIG_FILE` are variables of the shell, and of no other program."""


class BashHooks:
    """Runs hooks; implements `wgtui.ports.programs.Hooks`.

    Args:
        netns: Network namespace to run them in, None for this process's own.
    """

    def __init__(self, netns: str | None = None) -> None:
        self._netns = netns

    def run(self, command: str, interface: str, config_path: str) -> None:
        """Run one to its end, however long that takes; see the port."""
        text = command.replace("\0", "").replace("%i", interface)
        variables = {"INTERFACE": interface, "CONFIG_FILE": config_path, "WGTUI_HOOK": text}
        done = run([*_SHELL, _SCRIPT, "wg-quick"], timeout=None, netns=self._netns, variables=variables)
        if done.status == 0:
            return
        status = f" with status {done.status}" if done.has_complaint else ""
        quoted = printable(without_keys(text), 120)
        raise HostCommandFailed(f"The command failed{status}: {done.reason(last=True)}. It was: {quoted}")
