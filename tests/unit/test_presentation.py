"""Domain values as text: numbers, columns, order, sentences, plots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.world import NOW, WAVE, device_state, endpoint_of, key_of, peer_state, relay_peers, snapshot_of
from wgtui.domain.snapshot import Rate, Sample
from wgtui.domain.verdict import Verdict, verdict_of
from wgtui.ui.presentation.cells import plain
from wgtui.ui.presentation.devices import tabs
from wgtui.ui.presentation.glyphs import ASCII, UTF8
from wgtui.ui.presentation.peer_columns import RowContext, lay_out, tunnel_prefix
from wgtui.ui.presentation.peer_detail import PeerView, compact_detail, full_detail, ruler, verdict_sentence
from wgtui.ui.presentation.peer_list import PeerList
from wgtui.ui.presentation.plot import bucketed, sparkline, two_way_plot
from wgtui.ui.presentation.units import age, age_in_words, ceiling, rate, size, steady_ceiling


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "never"),
        (0, "0 s"),
        (12.9, "12 s"),
        (59.9, "59 s"),
        (60, "1m00s"),
        (63, "1m03s"),
        (179, "2m59s"),
        (180, "3 min"),
        (7199, "119 min"),
        (7200, "2 h"),
        (5 * 3600, "5 h"),
        (2 * 86400, "2 d"),
        (12 * 86400, "12 d"),
        (1500 * 86400, "4 y"),
    ],
)
def test_ages_coarsen(seconds: float | None, text: str) -> None:
    assert age(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "1 second"),
        (63, "1 minute, 3 seconds"),
        (120, "2 minutes"),
        (240, "4 minutes"),
        (5 * 3600, "5 hours"),
    ],
)
def test_ages_in_words(seconds: float, text: str) -> None:
    assert age_in_words(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (10 * 1024, "10 KiB"),
        (999.4 * 1024, "999 KiB"),
        (999.6 * 1024, "1.0 MiB"),
        (3 * 1024**3, "3.0 GiB"),
    ],
)
def test_sizes(count: float, text: str) -> None:
    assert size(count) == text


@given(st.floats(min_value=0, max_value=2**64))
def test_numbers_never_outgrow_their_columns(value: float) -> None:
    assert len(size(value)) <= 7
    assert len(rate(value)) <= 9
    assert len(age(min(value, 1e11))) <= 7


@given(st.floats(min_value=0, max_value=1e12), st.floats(min_value=0, max_value=1e12))
def test_a_scale_holds_the_peak_and_is_never_mostly_empty(peak: float, before: float) -> None:
    top = steady_ceiling(peak, steady_ceiling(before, 0))
    assert top >= peak
    assert top <= max(1024.0, peak * 8)


def test_a_scale_does_not_follow_every_dip() -> None:
    top = steady_ceiling(900_000, 0)
    assert steady_ceiling(300_000, top) == top
    assert steady_ceiling(10_000, top) < top
    assert ceiling(0) == 1024


@given(st.integers(0, 300))
def test_columns_fit_their_width_without_overlap(width: int) -> None:
    placed = lay_out(width)
    at = -1
    for one in placed:
        assert one.x == at + 1
        at = one.x + one.width
    assert at <= max(width, 9 + 1 + 1)
    assert [one.column.name for one in placed][:2] == ["state", "name"]


def test_columns_leave_by_priority() -> None:
    assert {"state", "name", "handshake", "down", "up"} == {one.column.name for one in lay_out(58)}
    assert "traffic" in {one.column.name for one in lay_out(78)}
    assert len(lay_out(200)) == 11


def test_the_tunnel_address_is_a_hosts_address_where_there_is_one() -> None:
    gateway = peer_state(1, allowed=["192.168.2.0/24", "5.5.5.2/32"])
    assert str(tunnel_prefix(gateway)) == "5.5.5.2/32"
    assert str(tunnel_prefix(peer_state(1, allowed=["192.168.2.0/24"]))) == "192.168.2.0/24"
    assert tunnel_prefix(peer_state(1, allowed=[])) is None


@pytest.mark.parametrize(
    ("seconds", "has_endpoint", "verdict", "words"),
    [
        (12, True, Verdict.ACTIVE, "Active: the latest handshake was 12 seconds ago."),
        (120, True, Verdict.ACTIVE, "2 minutes ago"),
        (121, True, Verdict.AGEING, "Whoever sends next renews it."),
        (180, False, Verdict.AGEING, "Ageing"),
        (181, True, Verdict.IDLE, "Normal without traffic."),
        (None, True, Verdict.NEVER, "no handshake has completed"),
        (None, False, Verdict.WAITING, "it has no endpoint, the other side must speak first"),
        (1000, False, Verdict.WAITING, "the other side must speak first"),
    ],
)
def test_verdicts(seconds: float | None, has_endpoint: bool, verdict: Verdict, words: str) -> None:
    state = peer_state(1, age=seconds, endpoint=endpoint_of("192.0.2.1") if has_endpoint else None)
    assert verdict_of(state.peer, NOW) is verdict
    assert words in verdict_sentence(PeerView(state, NOW))


@pytest.mark.parametrize(("seconds", "place"), [(0, 0), (90, 18), (120, 24), (180, 36), (9999, 36)])
def test_the_ruler_marks_the_age(seconds: float, place: int) -> None:
    track, legend = ruler(PeerView(peer_state(1, age=seconds), NOW), 37)
    marks = plain(track)
    assert marks.index(UTF8.marker if seconds <= 180 else UTF8.beyond) == place
    assert len(marks) == len(plain(legend)) == 37
    assert plain(legend).index("120 rekey") + len("120 rekey") - 1 == 24


def test_the_ruler_of_a_peer_without_handshake_has_no_marker() -> None:
    track, _ = ruler(PeerView(peer_state(1, age=None), NOW), 37)
    assert UTF8.marker not in plain(track)


@given(st.lists(st.floats(0, 1e9), max_size=60), st.integers(0, 1000), st.integers(1, 6), st.integers(1, 20))
def test_buckets_keep_every_recent_value_and_do_not_slide(
    values: list[float], number: int, step: int, count: int
) -> None:
    buckets = bucketed(values, number, step, count)
    assert len(buckets) <= count
    if values:
        after = bucketed([*values, 0.0], number + 1, step, count + 1)
        if (number + 1) % step:
            # Within a bucket's time only the last bucket changes.
            assert after[-len(buckets) : -1] == buckets[:-1]


def test_sparklines_start_at_zero() -> None:
    assert sparkline([0, 0], UTF8) == "  "
    assert sparkline([1_000_000] * 3, UTF8)[0] in "▇█"
    assert sparkline([1], UTF8) == "▁"
    assert sparkline([5000, 0], ASCII).isascii()


@given(st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 1e9)), max_size=50), st.integers(1, 6))
def test_the_plot_has_its_size_and_a_zero_line(values: list[tuple[float, float]], rows: int) -> None:
    lines = two_way_plot([Sample(*pair) for pair in values], 40, rows, 1e9, UTF8)
    assert len(lines) == 2 * rows + 1
    assert all(len(plain(line)) == 40 for line in lines)
    assert plain(lines[rows]) == UTF8.zero * 40


def test_the_plot_shows_received_above_and_sent_below() -> None:
    lines = [plain(line) for line in two_way_plot([Sample(1000, 0), Sample(0, 1000)], 2, 1, 1000, UTF8)]
    assert lines == ["█ ", "──", " █"]


def test_names_sort_as_people_do_and_the_nameless_come_last() -> None:
    peers = PeerList()
    peers.update([peer_state(1), *(peer_state(n, f"peer{n}") for n in (10, 2, 33))], NOW)
    peers.sort_by("name", False)
    assert [state.name for state in peers.rows] == ["peer2", "peer10", "peer33", ""]


@pytest.mark.parametrize("descending", [False, True])
def test_ties_are_in_the_order_of_names(descending: bool) -> None:
    peers = PeerList()
    peers.update([peer_state(n, name, rate=Rate()) for n, name in enumerate("bca")], NOW)
    peers.sort_by("down", descending)
    assert [state.name for state in peers.rows] == ["a", "b", "c"]


def test_the_selection_is_a_key() -> None:
    peers = PeerList()
    states = [peer_state(n, f"p{n}") for n in range(5)]
    peers.update(states, NOW)
    peers.select(key_of(3))
    peers.update(states[::-1], NOW)
    assert peers.selected is not None
    assert peers.selected.name == "p3"
    peers.update(states[:2], NOW)
    assert peers.selected is not None
    peers.update(states, NOW)
    assert peers.selected.name in {"p0", "p1"} or peers.selected.name == "p3"
    assert peers.selected.name == "p3"


def test_what_nobody_chose_stays_the_first_row_when_names_come() -> None:
    peers = PeerList()
    peers.update([peer_state(n) for n in range(5)], NOW)
    named = [peer_state(n, name) for n, name in enumerate("ebcda")]
    peers.update(named, NOW)
    assert peers.cursor == 0
    assert peers.selected is not None
    assert peers.selected.name == "a"


@given(st.integers(1, 250), st.integers(0, 20))
def test_tabs_fit_their_width(width: int, count: int) -> None:
    devices = [device_state(f"wg{n}", [peer_state(n, rate=Rate(1e6, 1e6))]) for n in range(max(1, count))]
    made = tabs(snapshot_of(*devices), NOW, "wg0", width, UTF8)
    assert made[0].name == "wg0"
    assert sum(tab.width for tab in made) <= max(width, made[0].width + 4)


@pytest.mark.parametrize("width", [38, 39, 52, 60, 80, 120])
@pytest.mark.parametrize("glyphs", [UTF8, ASCII])
@pytest.mark.parametrize("state", relay_peers(), ids=lambda state: state.name or "nameless")
def test_details_fit_and_say_everything(width: int, glyphs: object, state: object) -> None:
    view = PeerView(state, NOW, number=9, samples=WAVE.samples, scale=1e6, glyphs=glyphs)  # type: ignore[arg-type]
    lines = [plain(line) for line in full_detail(view, width, 30)]
    assert max(map(len, lines)) <= width
    text = "".join(line.strip() for line in lines)
    assert str(view.state.peer.public_key) in text.replace(" ", "")
    compact = [plain(line) for line in compact_detail(view, max(58, width), 7)]
    assert len(compact) == 7
    if glyphs is ASCII:
        assert text.isascii()
        assert "".join(compact).isascii()


def test_details_tell_the_endpoints_history() -> None:
    text = "\n".join(plain(line) for line in full_detail(PeerView(relay_peers()[0], NOW), 60, 40))
    assert "6 s ago" in text
    assert "from 203.0.113.7:31090" in text
    assert "from 198.51.100.2:51820" in text


def test_details_never_tell_the_preshared_key() -> None:
    state = peer_state(1, preshared=True)
    text = "\n".join(plain(line) for line in full_detail(PeerView(state, NOW), 60, 40))
    assert state.peer.preshared_key is not None
    assert state.peer.preshared_key.reveal() not in text
    assert "yes" in text


def test_rows_are_only_formatted_when_asked_for() -> None:
    context = RowContext(NOW)
    cells = {one.column.name: one.column.cell(relay_peers()[0], context, one.width) for one in lay_out(200)}
    assert cells["address"].text == "5.5.5.2"
    assert cells["allowed"].text == "5.5.5.2/32, 192.168.2.0/24"
    assert cells["handshake"].text == "42 s"
    assert cells["down"].text == "137 KiB/s"
