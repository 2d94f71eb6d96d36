"""What each layer loads when it runs: import-linter reads sources, these tests watch an interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

_LOAD_PACKAGE = """
import importlib, json, pkgutil, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""
_RUN_COMMAND = """
import contextlib, io, json, sys
sys.path.insert(0, sys.argv[1])
from wgtui.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(sys.argv[2:])
print(json.dumps(sorted(sys.modules)))
"""
_TOOLKITS = {"textual", "rich"}


def _modules(program: str, *arguments: str, options: tuple[str, ...] = ()) -> set[str]:
    done = subprocess.run(
        [sys.executable, *options, "-c", program, str(ROOT), *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    loaded: list[str] = json.loads(done.stdout.splitlines()[-1])
    return set(loaded)


def _roots(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def _ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.startswith("wgtui.")}


def test_the_domain_needs_only_the_standard_library_and_itself() -> None:
    # -S leaves out site-packages: whatever is not in the standard library cannot be imported at all.
    loaded = _modules(_LOAD_PACKAGE, "wgtui.domain", options=("-S",))
    assert "wgtui.domain.keys" in loaded
    assert _roots(loaded) - set(sys.stdlib_module_names) <= {"wgtui", "__main__"}
    assert {name for name in _ours(loaded) if not name.startswith("wgtui.domain")} == set()
    assert loaded.isdisjoint({"socket", "subprocess", "asyncio", "random", "secrets"})


def test_ports_and_services_touch_no_system_and_no_toolkit() -> None:
    loaded = _modules(_LOAD_PACKAGE, "wgtui.ports", "wgtui.services", options=("-S",))
    assert "wgtui.services.monitor" in loaded
    assert _roots(loaded).isdisjoint(
        _TOOLKITS | {"pyroute2", "iptc", "nacl", "segno", "subprocess", "socket"}
    )
    allowed = ("wgtui.domain", "wgtui.ports", "wgtui.services")
    assert {name for name in _ours(loaded) if not name.startswith(allowed)} == set()


def test_presentation_loads_no_toolkit() -> None:
    loaded = _modules(_LOAD_PACKAGE, "wgtui.ui.presentation", options=("-S",))
    assert _roots(loaded).isdisjoint(_TOOLKITS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["status", "--help"],
        ["status", "--json"],
        ["check", "--help"],
        ["completion", "bash"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_a_one_shot_command_never_loads_the_screen(arguments: list[str]) -> None:
    loaded = _modules(_RUN_COMMAND, *arguments)
    assert "wgtui.cli" in loaded
    assert _roots(loaded).isdisjoint(_TOOLKITS)
    screen = {name for name in loaded if name.startswith("wgtui.ui.")}
    assert {name for name in screen if not name.startswith("wgtui.ui.presentation")} == set()


def test_every_module_of_the_package_has_its_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = {part.strip() for layer in layers for part in layer.split(":")}
    entries = (entry for entry in (ROOT / "wgtui").iterdir() if not entry.name.startswith("__pycache__"))
    modules = {f"wgtui.{entry.stem}" for entry in entries if entry.is_dir() or entry.suffix == ".py"}
    assert modules - {"wgtui.__init__"} - named == set()
