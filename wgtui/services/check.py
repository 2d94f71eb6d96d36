"""`wgtui check`: would `wg-quick` take this file, and should it?

Nothing here touches the host: no device, no network, no shell. A host name is judged by its spelling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wgtui.domain.config import Dialect, InterfaceConfig, read_config
from wgtui.domain.grammar import Finding, ServicePort, Severity, no_services
from wgtui.domain.keys import PrivateKey, PublicKey
from wgtui.domain.lints import FileFacts, check_path, check_peers, check_quick, check_text
from wgtui.domain.text import printable
from wgtui.domain.wgquick import parse

SCHEMA = 1
"""Version of the dictionary that `to_json` makes."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in one file.

    Attributes:
        path: As given.
        config: What the file says, as far as it could be understood.
        findings: By place; of a file with very many, the first thousand errors and lints each.
        errors: How many errors there are.
        lints: How many lints there are.
    """

    path: str
    config: InterfaceConfig
    findings: tuple[Finding, ...]
    errors: int
    lints: int

    @property
    def ok(self) -> bool:
        """Whether the real tools take the file. Lints do not count."""
        return self.errors == 0


def check(
    data: bytes,
    path: str,
    *,
    facts: FileFacts | None = None,
    dialect: Dialect = Dialect.WG_QUICK,
    service_port: ServicePort = no_services,
    public_key_of: Callable[[PrivateKey], PublicKey] | None = None,
) -> CheckReport:
    """Check a file's bytes. Never raises.

    Args:
        data: The file.
        path: For messages, and for the rule of its name; `-` for standard input, which has no name.
        facts: Its permissions, where they are to be judged.
        dialect: Whether it is for `wg-quick up` or for `wg setconf`.
        service_port: Looks up UDP service names, such as `domain`; without it only numbers are ports.
        public_key_of: Derives a public key, to tell when a peer has the interface's own.
    """
    reading = read_config(parse(data), dialect, service_port)
    private_key = reading.config.private_key
    derived = (
        public_key_of(private_key) if public_key_of and private_key and not private_key.is_zero else None
    )
    check_text(reading)
    check_peers(reading, derived)
    if dialect is Dialect.WG_QUICK:
        check_quick(reading)
        if path != "-":
            check_path(path, facts, reading.findings)
    count = reading.findings.count
    return CheckReport(
        path, reading.config, reading.findings.sorted(), count(Severity.ERROR), count(Severity.LINT)
    )


def render_text(report: CheckReport) -> str:
    """The report for a terminal or an editor: one line a finding, `file:line:column: error: ...`, and a sum.

    Ends with a line feed. The path is made printable.
    """
    path = printable(report.path, 4096)
    lines = [_render(path, finding) for finding in report.findings]
    hidden = report.errors + report.lints - len(report.findings)
    if hidden:
        lines.append(f"{path}: {hidden} more are not shown.")
    lines.append(f"{path}: {_summary(report)}")
    return "\n".join(lines) + "\n"


def _render(path: str, finding: Finding) -> str:
    place = f"{path}:{finding.line}:{finding.column}" if finding.line else path
    hint = f" {finding.hint}" if finding.hint else ""
    return f"{place}: {finding.severity.value}: {finding.text}{hint} [{finding.code}]"


def _summary(report: CheckReport) -> str:
    if not report.errors and not report.lints:
        return "ok"
    errors = f"{report.errors} error{'' if report.errors == 1 else 's'}"
    lints = f"{report.lints} warning{'' if report.lints == 1 else 's'}"
    verdict = "ok" if report.ok else "refused"
    return f"{verdict}, {errors}, {lints}"


def to_json(report: CheckReport) -> dict[str, object]:
    """The report as a dictionary of JSON types, without any key or value of the file.

    Keys: `schema`, `path`, `ok`, `errors`, `warnings` (counts), `findings`: a list of `code`, `severity`
    (`error` or `warning`), `line`, `column`, `text`, `hint`.
    """
    return {
        "schema": SCHEMA,
        "path": report.path.encode("utf-8", "replace").decode("utf-8"),
        "ok": report.ok,
        "errors": report.errors,
        "warnings": report.lints,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "line": finding.line,
                "column": finding.column,
                "text": finding.text,
                "hint": finding.hint,
            }
            for finding in report.findings
        ],
    }
