"""Forwarding and NAT: what the scenario needs of this host, each of it switchable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wgtui.domain.forms import Level, Problem
from wgtui.domain.text import printable
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Tone
from wgtui.ui.presentation.editors import joined
from wgtui.ui.presentation.setup.examined import problems_of
from wgtui.ui.presentation.setup.words import FORWARDING_INTROS, MASQUERADE_HINT, SWITCHES
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.setup.pages.base import SetupForm
from wgtui.ui.setup.session import SetupSession
from wgtui.ui.widgets.forms import ChoiceField, FormField, Option, ToggleField
from wgtui.ui.widgets.paragraphs import Paragraphs

_KERNEL = ("ipv4", "ipv6")
_RULES = ("relay", "isolate", "forward")
_MORE = ("open_port", "mss_clamp")


class ForwardingPage(SetupForm):
    """The switches of `ForwardingAnswers`, as the scenario needs them."""

    def __init__(self, painter: Painter, session: SetupSession) -> None:
        """Show the answers, and what the scenario needs where there is none."""
        filled = session.filled
        values = filled.forwarding
        families = {address.version for address in filled.interface.addresses or ()}
        kernel = [name for name in _KERNEL if int(name[-1]) in families or getattr(values, name)]
        self._switches = {
            name: _switch(name, on=bool(getattr(values, name))) for name in (*kernel, *_RULES, *_MORE)
        }
        chosen = values.masquerade or ""
        links = [link.name for link in session.scene.proposals.links]
        links += [chosen] if chosen and chosen not in links else []
        options = [Option("", "nowhere"), *(Option(name, printable(name, 15)) for name in links)]
        self._uplink = ChoiceField[str](
            "masquerade", "Masquerade on", options, chosen=["", *links].index(chosen), hint=MASQUERADE_HINT
        )
        intro = painter.glyphs.text(FORWARDING_INTROS.get(session.scenario, ""))
        super().__init__(
            painter,
            session,
            Paragraphs(painter, lambda width: paragraph(intro, width, Tone.DIM), classes="intro"),
            *(self._switches[name] for name in (*kernel, *_RULES)),
            self._uplink,
            *(self._switches[name] for name in _MORE),
        )

    def answer(self, changed: Mapping[str, FormField[Any]]) -> None:
        """Take the switches."""
        self.session.switch(**{name: field.value for name, field in changed.items()})

    def problems(self) -> Iterable[Problem]:
        """Switches that do not go together."""
        yield from problems_of(self.session.filled, "forwarding.")
        uplink = self._uplink.value
        link = next((one for one in self.session.scene.proposals.links if one.name == uplink), None)
        if uplink and link is None:
            yield Problem(
                "masquerade",
                f"This host has no interface {printable(uplink, 15)} now.",
                Level.WARNING,
                "Choose another, unless it comes later.",
            )
        if link is not None and link.subnets:
            text = f"{printable(link.name, 15)} leads to {joined(link.subnets[:3])}"
            text += ", and to the internet." if link.is_uplink else "."
            yield Problem("masquerade", text, Level.NOTE)
        if self._switches["open_port"].value and not self.session.filled.interface.listen_port:
            yield Problem(
                "open_port",
                "There is no listen port that could be opened.",
                Level.WARNING,
                "Give the interface one on the page before, or switch this off.",
            )


def _switch(name: str, *, on: bool) -> ToggleField:
    words = SWITCHES[name]
    return ToggleField(name, words.label, on=on, texts=(words.on, words.off), hint=words.hint)
