"""The command line: options in any place, one-line errors, exit codes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from wgtui import __version__
from wgtui.arguments import build_parser
from wgtui.cli import main
from wgtui.commands.completion import bash_script, commands_of, fish_script, zsh_script


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"wgtui {__version__}\n"


@pytest.mark.parametrize("argv", [["status", "--netns", "x"], ["--netns", "x", "status"]])
def test_common_options_stand_before_or_after_the_command(argv: list[str]) -> None:
    assert build_parser().parse_args(argv).netns == "x"


@pytest.mark.parametrize(
    "argv",
    [
        ["bogus"],
        ["lab"],
        ["lab", "mars"],
        ["setup"],
        ["setup", "--print-answers", "adopt"],
        ["setup", "--answers", "a", "--print-answers", "relay"],
        ["check"],
        ["status", "a", "b"],
        ["status", "--interval", "0"],
        ["status", "--interval", "soon"],
        ["--config-dir"],
        ["\x1b]0;owned\x07"],
    ],
)
def test_usage_errors_are_one_clean_line_and_code_2(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith("wgtui")
    assert "--help" in told
    assert "\x1b" not in told


@pytest.mark.parametrize(
    ("argv", "command"),
    [
        (["peer", "add", "wg0", "bob", "--role", "roaming"], "wgtui peer add"),
        (["status", "a", "b"], "wgtui status"),
        (["--bogus", "status"], "wgtui"),
    ],
)
def test_what_is_not_known_leads_to_the_help_of_its_command(
    argv: list[str], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"{command}: unrecognized arguments: ")
    assert told.endswith(f". Try: {command} --help\n")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("lab", "status", "check", "completion", "--demo", "exit codes"))


def test_completion_knows_every_command_and_option() -> None:
    commands = commands_of(build_parser())
    for render in (bash_script, zsh_script, fish_script):
        script = render(commands)
        for command in commands:
            assert command.name in script
            assert all(word.text.removeprefix("--") in script for word in command.words)


def test_bash_completes_commands_options_and_choices(tmp_path: Path) -> None:
    script = tmp_path / "wgtui.bash"
    script.write_text(bash_script(commands_of(build_parser())))

    def complete(*words: str) -> set[str]:
        line = " ".join(f"'{word}'" for word in ("wgtui", *words))
        ask = f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _wgtui; echo ${{COMPREPLY[@]}}"
        return set(
            subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True).stdout.split()
        )

    assert complete("st") == {"status"}
    assert complete("lab", "re") == {"relay"}
    assert complete("status", "--js") == {"--json"}
    assert "lo" in complete("status", "l")
    assert complete("--netns", "x", "completion", "z") == {"zsh"}
    assert complete("peer", "rot") == {"rotate"}
    for command in ("up", "down", "sync"):
        assert complete(command, "l") >= {"lo"}
        assert complete(command, str(script)[:-1]) == {str(script)}


def test_only_netns_is_completed_with_namespaces() -> None:
    words = [word for command in commands_of(build_parser()) for word in command.words]
    assert {word.text for word in words if word.takes == "namespaces"} == {"--netns"}


def test_a_defect_is_one_line_and_a_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(args: object) -> int:
        raise RuntimeError("never seen")

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("wgtui.commands.check.run", broken)
    assert main(["check", "x"]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "RuntimeError" in told
    assert "never seen" in (tmp_path / "wgtui/wgtui.log").read_text()
