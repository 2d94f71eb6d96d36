"""What a command imports before it does anything."""

from __future__ import annotations

import subprocess
import sys

from wgtui.arguments.forwarding import SWITCHES
from wgtui.arguments.setup import SCENARIOS
from wgtui.domain.forwarding import SwitchName
from wgtui.domain.setup.answers import Scenario


def test_the_words_of_the_command_line_are_those_of_the_domain() -> None:
    assert [one.value for one in Scenario if one is not Scenario.ADOPT] == list(SCENARIOS)
    assert [one.value for one in SwitchName] == list(SWITCHES)


def test_the_grammar_of_the_command_line_needs_hardly_any_of_the_domain() -> None:
    code = (
        "import sys, wgtui.arguments; wgtui.arguments.build_parser();"
        "print(*[name for name in sys.modules if name.startswith('wgtui.domain.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"wgtui.domain.text", "wgtui.domain.errors"}
