"""The file of an interface."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from wgtui.domain.config import InterfaceConfig
from wgtui.domain.errors import ConfigRefused, ConfigUnreadable
from wgtui.domain.grammar import Severity
from wgtui.domain.lints.path import interface_of
from wgtui.domain.text import printable
from wgtui.ports.files import Files
from wgtui.services.check import check
from wgtui.services.interfaces.context import PlannerContext

_NAME: Final = re.compile(r"[a-zA-Z0-9_=+.-]{1,15}", re.ASCII)
_PATH_LIMIT: Final = 4096


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read.

    Attributes:
        interface: The interface it is for.
        path: Absolute; a symbolic link is not followed, for the interface is named after it.
        data: Its bytes, which hold keys and so are left out of its `repr`.
    """

    interface: str
    path: str
    data: bytes = field(repr=False)


def find_source(files: Files, argument: str, config_dir: str) -> Source:
    """Find the file that `up`, `down` or `sync` was given, as `wg-quick` does.

    Args:
        files: Reads it.
        argument: The name of an interface, or the absolute path of a file.
        config_dir: Folder of the files of interfaces.

    Raises:
        ConfigUnreadable: There is no such file, or it cannot be read.
        ConfigRefused: Its name is not an interface's, followed by .conf.
        PermissionRefused: It is closed to us.
    """
    is_name = _NAME.fullmatch(argument) is not None
    path = f"{config_dir.rstrip('/')}/{argument}.conf" if is_name else argument
    image = files.read(path)
    shown = printable(path, _PATH_LIMIT)
    if image is None:
        hint = f"Write ./{argument} for a file in this folder." if argument.endswith(".conf") else ""
        raise ConfigUnreadable(f"{shown} does not exist.", hint=hint if is_name else "")
    interface = interface_of(path)
    if interface is None:
        raise ConfigRefused(
            f"{shown} is not named after an interface.",
            hint="The name is 1 to 15 letters, digits and _ = + . -, followed by .conf, such as wg0.conf.",
        )
    return Source(interface, path, image.content)


def accepted_config(context: PlannerContext, source: Source) -> InterfaceConfig:
    """What a file says.

    Raises:
        ConfigRefused: `wg-quick` would refuse it; the text starts with `file:line:column:`.
    """
    report = check(
        source.data, source.path, service_port=context.service_port, public_key_of=context.public_key_of
    )
    if report.ok:
        return report.config
    first = next(finding for finding in report.findings if finding.severity is Severity.ERROR)
    path = printable(source.path, _PATH_LIMIT)
    place = f"{path}:{first.line}:{first.column}" if first.line else path
    raise ConfigRefused(f"{place}: {first.text}", hint=first.hint)
