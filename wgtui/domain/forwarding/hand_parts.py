"""Commands that people write into hooks by hand, told by what they do for forwarding.

Known are those of the usual tutorials and set-up scripts: `iptables` (angristan/wireguard-install, wg-easy,
PiVPN), `nft` (Arch Linux' wiki), `ufw`, `firewall-cmd`, `sysctl` and `echo` into /proc/sys.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

from wgtui.domain.forwarding.sysctl_files import IP_FORWARD, IPV6_FORWARDING
from wgtui.domain.forwarding.view import SwitchName

Effect = tuple[SwitchName, str]
"""A switch, and for `masquerade` the interface; empty where the command names none."""

_SYSCTLS: Final = {
    IP_FORWARD: SwitchName.IPV4,
    "net.ipv4.conf.all.forwarding": SwitchName.IPV4,
    IPV6_FORWARDING: SwitchName.IPV6,
}
_SETTING: Final = re.compile(r"(?P<name>[a-z0-9_./-]+)\s*=\s*(?P<value>\d+)")
_INTO_PROC: Final = re.compile(
    r"(?:/bin/)?echo\s+[\"']?(?P<value>\d)[\"']?\s*>\s*/proc/sys/(?P<path>[a-z0-9_/]+)"
)
_SILENCED: Final = re.compile(r"[12&]?>+/dev/null")
_PROGRAM: Final = re.compile(r"ip6?tables(?:-legacy|-nft)?")


@dataclass(frozen=True, slots=True)
class Part:
    """One command of a line.

    Attributes:
        text: As written.
        is_known: Whether it is understood.
        effects: Which switches it serves; empty for one that only prepares, or is not understood.
        key: The same for a command and the one that takes it back; None where that cannot be told.
        takes_back: Whether it takes back what another one does.
        undo: A command that takes it back; empty where it cannot be told from the command alone.
    """

    text: str
    is_known: bool
    effects: tuple[Effect, ...] = ()
    key: Hashable = None
    takes_back: bool = False
    undo: str = ""


def parts_of(command: str, interface: str) -> tuple[Part, ...]:
    """The commands of a line, in order. Never raises.

    Args:
        command: As the file has it.
        interface: The name that it may have in place of `%i`.
    """
    return tuple(_part(text, interface) for text in split_commands(command))


def split_commands(line: str) -> tuple[str, ...]:
    """The commands of a line that `;`, `&&` and `||` part, outside quotes; without a comment at its end."""
    found, start, place, quote = [], 0, 0, ""
    while place < len(line):
        character = line[place]
        if character == "\\" and quote != "'":
            place += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "#" and (place == 0 or line[place - 1].isspace()):
            break
        elif character == ";" or line[place : place + 2] in ("&&", "||"):
            found.append(line[start:place])
            place += 0 if character == ";" else 1
            start = place + 1
        place += 1
    found.append(line[start : min(place, len(line))])
    return tuple(text.strip() for text in found if text.strip())


def _part(text: str, interface: str) -> Part:
    unknown = Part(text, is_known=False)
    into_proc = _INTO_PROC.fullmatch(text)
    if into_proc is not None:
        return _setting(text, into_proc["path"].replace("/", "."), into_proc["value"])
    try:
        words = shlex.split(text)
    except ValueError:
        return unknown
    words = [word for word in words if not _SILENCED.fullmatch(word)]
    if words[:1] == ["sudo"]:
        words = words[1:]
    if not words:
        return unknown
    if words in (["true"], [":"]):
        return Part(text, is_known=True)
    program = words[0].rpartition("/")[2]
    words = ["%i" if word == interface else word for word in words[1:]]
    if _PROGRAM.fullmatch(program):
        return _iptables(text, program, words) or unknown
    reader = _READERS.get(program)
    return (reader(text, words) if reader else None) or unknown


def _setting(text: str, name: str, value: str) -> Part:
    switch = _SYSCTLS.get(name.replace("/", "."))
    if switch is None:
        return Part(text, is_known=False)
    key = ("sysctl", switch)
    if value == "0":
        return Part(text, is_known=True, key=key, takes_back=True)
    return Part(text, is_known=True, effects=((switch, ""),), key=key)


def _sysctl(text: str, words: list[str]) -> Part | None:
    given = [match for word in words if (match := _SETTING.fullmatch(word))]
    options = [word for word in words if word.startswith("-")]
    if len(given) != 1 or len(options) + 1 != len(words):
        return None
    return _setting(text, given[0]["name"], given[0]["value"])


def _iptables(text: str, program: str, words: list[str]) -> Part | None:
    """A rule; its matches count as far as they tell which switch it serves."""
    rule = _IptablesRule(words)
    if rule.command not in ("-A", "-I", "-D", "-C") or not rule.is_plain:
        return None
    if rule.command == "-C":
        return Part(text, is_known=True)
    effects = rule.effects
    key = (program, rule.table, rule.chain, tuple(rule.spec))
    if not effects:
        return None
    if rule.command == "-D":
        return Part(text, is_known=True, key=key, takes_back=True)
    in_table = f" -t {rule.table}" if rule.table != "filter" else ""
    undo = f"{program} -w{in_table} -D {rule.chain} {_joined(rule.spec)}"
    return Part(text, is_known=True, effects=effects, key=key, undo=undo)


def _joined(words: list[str]) -> str:
    return " ".join(word if word in ("%i", "!") else shlex.quote(word) for word in words)


_LONG: Final = {
    "--append": "-A",
    "--insert": "-I",
    "--delete": "-D",
    "--check": "-C",
    "--table": "-t",
    "--in-interface": "-i",
    "--out-interface": "-o",
    "--jump": "-j",
    "--protocol": "-p",
    "--source": "-s",
    "--destination": "-d",
    "--destination-port": "--dport",
    "--match": "-m",
}
_STATES: Final = ("--state", "--ctstate")
_HARMLESS: Final = (
    *("-i", "-o", "-s", "-d", "-p", "-m", "--dport", "-j"),
    *("--comment", "--tcp-flags", "--set-mss", *_STATES),
)
_MODULES: Final = ("comment", "tcp", "udp", "conntrack", "state")


class _IptablesRule:
    """The words behind `iptables`.

    Attributes:
        table: `filter` where none is given.
        command: `-A`, `-I`, `-D` or `-C`; empty for another.
        chain: Its chain.
        spec: All other words, in order.
        is_plain: Whether each word is understood.
    """

    def __init__(self, words: list[str]) -> None:
        self.table, self.command, self.chain = "filter", "", ""
        self.spec: list[str] = []
        self._values: dict[str, str] = {}
        self._negated: set[str] = set()
        self.is_plain = self._read([_LONG.get(word, word) for word in words])

    def _read(self, words: list[str]) -> bool:
        rest, plain, negated = list(words), True, False
        while rest:
            word = rest.pop(0)
            if word in ("-w", "--wait", "-W", "--wait-interval"):
                if rest and rest[0].isdigit():
                    rest.pop(0)
            elif word == "-t" and rest:
                self.table = rest.pop(0)
            elif word in ("-A", "-I", "-D", "-C") and rest:
                self.command, self.chain = word, rest.pop(0)
                if word == "-I" and rest and rest[0].isdigit():
                    rest.pop(0)
            elif word == "!":
                self.spec.append(word)
                negated = True
                continue
            else:
                plain = self._match(word, rest, negated) and plain
            negated = False
        return plain

    def _match(self, word: str, rest: list[str], negated: bool) -> bool:
        self.spec.append(word)
        if word == "--clamp-mss-to-pmtu":
            self._values[word] = ""
            return True
        taken = [rest.pop(0) for _ in range(2 if word == "--tcp-flags" else 1) if rest]
        self.spec += taken
        self._values[word] = taken[0] if taken else ""
        if negated:
            self._negated.add(word)
        if word == "-m":
            return self._values[word] in _MODULES
        return word in _HARMLESS

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Which switches the rule serves."""
        values, target = self._values, self._values.get("-j", "")
        if "-d" in values or self._negated - {"-o", "-i"}:
            return ()
        place = (self.table, self.chain, target)
        if place == ("nat", "POSTROUTING", "MASQUERADE"):
            uplink = values.get("-o", "")
            return ((SwitchName.MASQUERADE, "" if "-o" in self._negated else uplink),)
        if self.table == "mangle" and target == "TCPMSS":
            return ((SwitchName.MSS, ""),) if "--clamp-mss-to-pmtu" in values else ()
        if self.table != "filter":
            return ()
        if self.chain == "INPUT" and target == "ACCEPT":
            return ((SwitchName.PORT, ""),) if values.get("-p") == "udp" and "--dport" in values else ()
        return self._forwarding(target) if self.chain in ("FORWARD", "DOCKER-USER") else ()

    def _forwarding(self, target: str) -> tuple[Effect, ...]:
        incoming, outgoing = self._values.get("-i", ""), self._values.get("-o", "")
        if "%i" not in (incoming, outgoing) or "-p" in self._values:
            return ()
        between_peers = incoming == outgoing == "%i" and not self._negated
        if target in ("DROP", "REJECT"):
            return ((SwitchName.ISOLATE, ""),) if between_peers else ()
        if target != "ACCEPT":
            return ()
        if between_peers:
            return ((SwitchName.RELAY, ""),)
        # Without the other interface the rule is for packets between peers as well.
        both = ((SwitchName.FORWARD, ""), (SwitchName.RELAY, ""))
        is_for_answers = any(option in self._values for option in _STATES)
        return both[:1] if (incoming and outgoing) or is_for_answers else both


def _nft(text: str, words: list[str]) -> Part | None:
    """Commands about a table of its own, which goes as a whole, and single rules."""
    line = " ".join(words)
    match = re.match(
        r"(?P<verb>add|create|insert|delete|destroy) (?P<kind>table|chain|rule) "
        r"(?:(?P<family>ip|ip6|inet) )?(?P<table>\S+)(?P<rest>.*)",
        line,
    )
    if match is None:
        return None
    key = ("nft", match["family"] or "ip", match["table"])
    if match["verb"] in ("delete", "destroy"):
        return Part(text, is_known=True, key=key, takes_back=True) if match["kind"] == "table" else None
    if match["kind"] != "rule":
        return Part(text, is_known=True, key=key)
    effects = _nft_effects(match["rest"])
    return Part(text, is_known=True, effects=effects, key=key) if effects else None


def _nft_effects(rule: str) -> tuple[Effect, ...]:
    plain = rule.replace('"', "")
    incoming, outgoing = (re.search(rf"\b{key}(?:name)? (\S+)", plain) for key in ("iif", "oif"))
    names = (incoming[1] if incoming else "", outgoing[1] if outgoing else "")
    if plain.rstrip().endswith("masquerade"):
        return ((SwitchName.MASQUERADE, names[1]),)
    if "maxseg size set rt mtu" in plain:
        return ((SwitchName.MSS, ""),)
    if re.search(r"\budp dport \d+ (counter )?accept", plain):
        return ((SwitchName.PORT, ""),)
    if "%i" not in names:
        return ()
    if re.search(r"\b(drop|reject)\b", plain):
        return ((SwitchName.ISOLATE, ""),) if names == ("%i", "%i") else ()
    if not re.search(r"\baccept\b", plain):
        return ()
    if names == ("%i", "%i"):
        return ((SwitchName.RELAY, ""),)
    both = ((SwitchName.FORWARD, ""), (SwitchName.RELAY, ""))
    return both[:1] if all(names) else both


def _ufw(text: str, words: list[str]) -> Part | None:
    takes_back = "delete" in words
    plain = [word for word in words if word not in ("delete", "insert", "--force") and not word.isdigit()]
    line = " ".join(plain)
    effects: tuple[Effect, ...] = ()
    if re.match(r"route allow in on (?P<in>\S+)( out on (?P<out>\S+))?$", line) and "%i" in plain:
        effects = ((SwitchName.FORWARD, ""),)
        if "out" not in plain:
            effects = (*effects, (SwitchName.RELAY, ""))
        elif plain.count("%i") == 2:
            effects = ((SwitchName.RELAY, ""),)
    elif re.fullmatch(r"allow (in )?\d+/udp", " ".join(word for word in words if word != "delete")):
        effects, line = ((SwitchName.PORT, ""),), " ".join(word for word in words if word != "delete")
    if not effects:
        return None
    key = ("ufw", line)
    if takes_back:
        return Part(text, is_known=True, key=key, takes_back=True)
    allowed = line.replace("allow", "delete allow", 1)
    return Part(text, is_known=True, effects=effects, key=key, undo=f"ufw {allowed}")


def _firewall_cmd(text: str, words: list[str]) -> Part | None:
    line = " ".join(word for word in words if word not in ("-q", "--quiet", "--permanent"))
    takes_back = "--remove-" in line
    key = ("firewall-cmd", re.sub(r"--(?:add|remove|change)-", "--", line))
    effects: tuple[Effect, ...] = ()
    if re.search(r"--(add|remove)-port[= ]\d+/udp", line):
        effects = ((SwitchName.PORT, ""),)
    elif re.search(r"--(add|remove)-(masquerade|rich-rule.*\bmasquerade\b)", line):
        effects = ((SwitchName.MASQUERADE, ""),)
    elif re.search(r"--zone[= ]trusted --(add|change|remove)-interface[= ]%i", line.replace("=", " ")):
        effects = ((SwitchName.FORWARD, ""), (SwitchName.RELAY, ""))
    if not effects:
        return None
    if takes_back:
        return Part(text, is_known=True, key=key, takes_back=True)
    undo = re.sub(r"--(?:add|change)-", "--remove-", f"firewall-cmd {_joined(words)}")
    return Part(text, is_known=True, effects=effects, key=key, undo=undo)


_READERS: Final[dict[str, Callable[[str, list[str]], Part | None]]] = {
    "sysctl": _sysctl,
    "nft": _nft,
    "ufw": _ufw,
    "firewall-cmd": _firewall_cmd,
}
