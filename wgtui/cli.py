"""The command line: picks a command, turns errors into one line and an exit code."""

from __future__ import annotations

import signal
from argparse import Namespace
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from wgtui.arguments import DEFAULTS, USAGE, build_parser
from wgtui.domain.errors import PermissionRefused, WgtuiError
from wgtui.domain.text import printable
from wgtui.streams import complain

FAILED: Final = 1
NO_PRIVILEGE: Final = 3


def main(argv: Sequence[str]) -> int:
    """Run one command.

    Args:
        argv: The arguments, without the program's name.

    Returns:
        The exit code: 0 done, 1 it could not be done or problems were found, 2 usage, 3 missing privilege.
    """
    try:
        args = build_parser().parse_args(argv)
        for name, value in DEFAULTS.items():
            vars(args).setdefault(name, value)
        return _run(args)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    except PermissionRefused as error:
        _complain(error)
        return NO_PRIVILEGE
    except WgtuiError as error:
        _complain(error)
        return FAILED
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # The reader left, as in `wgtui status | head -1`.
        return 128 + signal.SIGPIPE
    except Exception as error:
        _report_defect(error)
        return FAILED


def _run(args: Namespace) -> int:
    """Import only the command that was asked for: start-up time is what the others would cost."""
    command = import_module(f"wgtui.commands.{args.command or 'screen'}")
    code: int = command.run(args)
    return code


def _complain(error: WgtuiError) -> None:
    complain(f"wgtui: {printable(str(error), 600)}\n")


def _report_defect(error: Exception) -> None:
    """Tell of an error that nobody foresaw; its traceback goes to a log, without values of variables."""
    from wgtui.crash_log import default_log, log_error

    path = default_log()
    try:
        log_error(error, path)
        where = f"The details are in {path}; please report them."
    except OSError as problem:
        where = f"The details could not be written to {path}: {problem.strerror}."
    complain(f"wgtui: A defect of wgtui ended this ({type(error).__name__}). {where}\n")
