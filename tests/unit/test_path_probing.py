"""Whether a probe confirms a walk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.test_path_walk import GATEWAY, ROAMING, View, relay
from wgtui.domain.echo import EchoResult
from wgtui.domain.fixes import MtuFix
from wgtui.domain.path import Walk, spot_of, walk
from wgtui.domain.path.probing import Agreement, EndProbe, agreement, probe_fix, probe_words

ANSWERED, SILENT = EchoResult(3, 3, 0.0125), EchoResult(3, 0)


def walked(view: View) -> Walk:
    return walk(view, spot_of("laptop", view, "wg0", 4), spot_of("192.168.2.5", view, "wg0", 4))


def probes(found: Walk, origin: EchoResult, target: EchoResult, received: int = 0) -> tuple[EndProbe, ...]:
    return EndProbe(found.origin, origin, 300, 300), EndProbe(found.target, target, 300, received)


def test_both_answer_on_a_whole_path() -> None:
    found = walked(View())
    assert agreement(found, probes(found, ANSWERED, ANSWERED))[0] is Agreement.CONFIRMED


def test_a_silent_end_of_a_whole_path_may_be_off() -> None:
    found = walked(View())
    verdict, words = agreement(found, probes(found, ANSWERED, SILENT))
    assert verdict is Agreement.OPEN
    assert "192.168.2.5" in words
    assert agreement(found, probes(found, ANSWERED, SILENT, 120))[0] is Agreement.CONTRADICTED


def test_an_answer_from_an_end_that_should_be_lost_contradicts() -> None:
    waiting = replace(GATEWAY, endpoint=None, latest_handshake=None)
    found = walked(View(devices=relay(waiting, ROAMING)))
    assert agreement(found, probes(found, ANSWERED, ANSWERED))[0] is Agreement.CONTRADICTED
    assert agreement(found, probes(found, ANSWERED, SILENT))[0] is Agreement.CONFIRMED


def test_what_this_host_forwards_is_not_what_it_sends() -> None:
    found = walked(View(settings={"net.ipv4.ip_forward": "0"}))
    assert agreement(found, probes(found, ANSWERED, ANSWERED))[0] is Agreement.OPEN


@pytest.mark.parametrize(
    ("probe", "words"),
    [
        ((ANSWERED, 300, 300), "answered 3 of 3 pings of this host, in 12.5 ms at best"),
        ((SILENT, 300, 0), "left by the tunnel, and nothing came back"),
        ((SILENT, 0, 0), "none left by the tunnel"),
        ((SILENT, None, None), "did not answer 3 pings of this host"),
        ((EchoResult(3, 0, left=3, came_back=3), 300, 300), "packet filter drops them"),
        ((EchoResult(3, 0, left=0, came_back=0), 0, 0), "none by wg0"),
        ((EchoResult(0, 0, refusal="Required key not available"), 0, 0), "Required key not available"),
        ((EchoResult(3, 0, refusal="no route to that host"), 300, 300), "somebody said: no route"),
    ],
)
def test_words(probe: tuple[EchoResult, int | None, int | None], words: str) -> None:
    found = walked(View())
    assert words in probe_words(EndProbe(found.target, *probe))


def test_large_packets_that_vanish() -> None:
    found = walked(View())
    hole = EndProbe(found.target, ANSWERED, 300, 300, 1420, SILENT, 1280)
    verdict, words = agreement(found, (EndProbe(found.origin, ANSWERED, 300, 300, 1420, ANSWERED), hole))
    assert verdict is Agreement.CONTRADICTED
    assert "Large packets to 192.168.2.5" in words
    assert "Of packets of 1420 bytes none came back, of those of 1280 they did" in probe_words(hole)
    assert probe_fix((hole,)) == MtuFix("wg0", 1280)
    assert probe_fix((replace(hole, fitting=0),)) is None
    assert not replace(hole, echo=SILENT).loses_large
