"""What `up`, `down` and `sync` share."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from wgtui.services.changes import Changes
from wgtui.services.interfaces import Source, find_source


def source_of(args: Namespace, changes: Changes) -> Source:
    """The file that the command was given, by the name of its interface or by its path."""
    argument = args.interface
    if "/" in argument:
        # `wg-quick` names the interface after the path as it is given, before symbolic links are followed.
        argument = str(Path(argument).absolute())
    return find_source(changes.host.files, argument, str(Path(args.config_dir).absolute()))
