"""`wgtui check`: would `wg-quick` take these files, and should it?"""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from wgtui import wiring
from wgtui.domain.errors import PermissionRefused, WgtuiError
from wgtui.domain.text import printable
from wgtui.services.check import SCHEMA, CheckReport, render_text, to_json
from wgtui.streams import complain, say

_OK, _PROBLEMS, _NO_PRIVILEGE = 0, 1, 3


def run(args: Namespace) -> int:
    """Check every file, whatever the others are like; the exit code is that of the worst."""
    results: list[tuple[str, CheckReport | WgtuiError]] = []
    for name in args.files:
        try:
            results.append((name, wiring.check_file(name, Path(args.config_dir))))
        except WgtuiError as error:
            results.append((name, error))
    codes = [_code(result) for _, result in results]
    if args.json:
        files = [_as_json(name, result) for name, result in results]
        data = {"schema": SCHEMA, "ok": not any(codes), "files": files}
        say(json.dumps(data, indent=2) + "\n")
    else:
        for _, result in results:
            _print(result)
    return max(codes)


def _code(result: CheckReport | WgtuiError) -> int:
    if isinstance(result, CheckReport):
        return _OK if result.ok else _PROBLEMS
    return _NO_PRIVILEGE if isinstance(result, PermissionRefused) else _PROBLEMS


def _as_json(name: str, result: CheckReport | WgtuiError) -> dict[str, object]:
    if isinstance(result, CheckReport):
        data = to_json(result)
        del data["schema"]
        return data | {"problem": None}
    problem = {"kind": type(result).__name__, "text": result.text, "hint": result.hint}
    return {"path": printable(name, 4096), "ok": False, "problem": problem}


def _print(result: CheckReport | WgtuiError) -> None:
    if isinstance(result, CheckReport):
        say(render_text(result))
    else:
        complain(f"wgtui: {printable(str(result), 4096)}\n")
