"""`wgtui completion SHELL`: a completion script made from the command line's own parser."""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wgtui.arguments import build_parser
from wgtui.streams import say

_FILES: Final = {"FILE", "DIR"}
_INTERFACES: Final = "ls /sys/class/net 2>/dev/null"
_NAMESPACES: Final = "ls /run/netns 2>/dev/null"


@dataclass(frozen=True, slots=True)
class Word:
    """An option or an argument, and what may follow it.

    Attributes:
        text: `--json`, or empty for an argument.
        help: One line.
        takes: `none`, `files`, `interfaces`, `sources` (interfaces or files), `namespaces`, `value` or
            `choices`.
        choices: For `choices`.
    """

    text: str
    help: str
    takes: str = "none"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its words; the name is empty for the program itself."""

    name: str
    help: str
    words: tuple[Word, ...]


def run(args: Namespace) -> int:
    """Print the script."""
    render = {"bash": bash_script, "zsh": zsh_script, "fish": fish_script}[args.shell]
    say(render(commands_of(build_parser())))
    return 0


def commands_of(parser: ArgumentParser) -> tuple[Command, ...]:
    """The program and its commands, as the parser knows them."""
    commands = [Command("", "", tuple(_words(parser)))]
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            # A command without a help text is none for people.
            commands += [
                Command(name, helps[name], tuple(dict.fromkeys(_words(sub))))
                for name, sub in action.choices.items()
                if name in helps
            ]
    return tuple(commands)


def _words(parser: ArgumentParser) -> Iterator[Word]:
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            # The program's own commands are told apart by name; those of a command are offered all at once.
            if " " in parser.prog:
                yield Word("", "", "choices", tuple(action.choices))
                for sub in action.choices.values():
                    yield from _words(sub)
            continue
        takes, choices = _takes(action)
        text = next((option for option in action.option_strings if option.startswith("--")), "")
        yield Word(text, (action.help or "").replace("%%", "%"), takes, choices)


def _takes(action: Action) -> tuple[str, tuple[str, ...]]:
    if action.choices:
        return "choices", tuple(map(str, action.choices))
    if action.nargs == 0:
        return "none", ()
    if action.dest == "netns":
        return "namespaces", ()
    kinds = dict.fromkeys(_FILES, "files") | {"IFACE": "interfaces", "IFACE|FILE": "sources"}
    return kinds.get(str(action.metavar), "value"), ()


def bash_script(commands: tuple[Command, ...]) -> str:
    """For bash: source it, or put it into the folder of completions."""
    cases = "\n".join(_bash_case(command) for command in commands[1:])
    before = "\n".join(_bash_after_option(word) for word in _with_values(commands))
    top = " ".join([*(command.name for command in commands[1:]), *_options(commands[0])])
    return f"""\
# bash completion for wgtui
_wgtui() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command= word
    COMPREPLY=()
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $word in {"|".join(command.name for command in commands[1:])}) command=$word; break ;; esac
    done
    case $previous in
{before}
    esac
    case $command in
{cases}
        *) mapfile -t COMPREPLY < <(compgen -W "{top}" -- "$current") ;;
    esac
}}
complete -o filenames -F _wgtui wgtui
"""


def _bash_case(command: Command) -> str:
    sources = [f'compgen -W "{" ".join(_options(command))}" -- "$current"']
    sources += [_bash_source(word) for word in command.words if not word.text and word.takes != "value"]
    return f"        {command.name}) mapfile -t COMPREPLY < <({'; '.join(sources)}) ;;"


def _bash_after_option(word: Word) -> str:
    return f"        {word.text}) mapfile -t COMPREPLY < <({_bash_source(word)}); return ;;"


def _bash_source(word: Word) -> str:
    sources = {
        "files": 'compgen -f -- "$current"',
        "interfaces": f'compgen -W "$({_INTERFACES})" -- "$current"',
        "sources": f'compgen -W "$({_INTERFACES})" -- "$current"; compgen -f -- "$current"',
        "namespaces": f'compgen -W "$({_NAMESPACES})" -- "$current"',
        "choices": f'compgen -W "{" ".join(word.choices)}" -- "$current"',
    }
    return sources.get(word.takes, "true")


def zsh_script(commands: tuple[Command, ...]) -> str:
    """For zsh: put it into a folder of `$fpath` as `_wgtui`."""
    names = "\n".join(f"        {_quoted(f'{one.name}:{one.help}')}" for one in commands[1:])
    cases = "\n".join(
        f"        {one.name}) _arguments {' '.join(_zsh_word(word) for word in one.words)} ;;"
        for one in commands[1:]
    )
    top = " ".join(_zsh_word(word) for word in commands[0].words)
    return f"""\
#compdef wgtui
_wgtui() {{
    local context state state_descr line
    local -a commands=(
{names}
    )
    _arguments -C {top} '1:command:->command' '*::argument:->argument' && return
    case $state in
        command) _describe command commands ;;
        argument) case $line[1] in
{cases}
        esac ;;
    esac
}}
_wgtui "$@"
"""


def _zsh_word(word: Word) -> str:
    action = {
        "files": "_files",
        "interfaces": f"($({_INTERFACES}))",
        "sources": f"{{compadd -- $({_INTERFACES}); _files}}",
        "namespaces": f"($({_NAMESPACES}))",
        "choices": f"({' '.join(word.choices)})",
    }.get(word.takes, "")
    if not word.text:
        return _quoted(f"*:argument:{action}")
    about = word.help.replace("[", "(").replace("]", ")").replace(":", " -")
    value = "" if word.takes == "none" else f":value:{action}"
    return _quoted(f"{word.text}[{about}]{value}")


def fish_script(commands: tuple[Command, ...]) -> str:
    """For fish: put it into the folder of completions as `wgtui.fish`."""
    lines = ["# fish completion for wgtui", "complete -c wgtui -f"]
    for one in commands[1:]:
        lines.append(f"complete -c wgtui -n __fish_use_subcommand -a {one.name} -d {_fish_quoted(one.help)}")
    for one in commands:
        when = f"'__fish_seen_subcommand_from {one.name}'" if one.name else "__fish_use_subcommand"
        lines += [f"complete -c wgtui -n {when} {_fish_word(word)}" for word in one.words]
    return "\n".join(lines) + "\n"


def _fish_word(word: Word) -> str:
    source = {
        "files": "-F",
        "interfaces": f"-x -a '({_INTERFACES})'",
        "sources": f"-F -a '({_INTERFACES})'",
        "namespaces": f"-x -a '({_NAMESPACES})'",
        "choices": f"-x -a '{' '.join(word.choices)}'",
        "value": "-x",
    }.get(word.takes, "")
    name = f"-l {word.text[2:]} " if word.text else ""
    about = f" -d {_fish_quoted(word.help)}" if word.help else ""
    return f"{name}{source}{about}"


def _options(command: Command) -> list[str]:
    return [word.text for word in command.words if word.text]


def _with_values(commands: tuple[Command, ...]) -> list[Word]:
    """Options of any command that are followed by a value, once each."""
    words = {word.text: word for command in commands for word in command.words if word.text}
    return [word for word in words.values() if word.takes not in ("none", "value")]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
