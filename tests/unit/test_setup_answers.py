"""Files of answers: back as they were written, and refused in one line."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.setup_answers import HOME, RELAY, any_answers
from wgtui.domain.errors import AnswersRefused
from wgtui.domain.forms import enter_name
from wgtui.domain.keys import PresharedKey
from wgtui.domain.setup import (
    Answers,
    Draft,
    DraftNetwork,
    DraftPeer,
    ForwardingAnswers,
    NetworkAnswers,
    PeerAnswers,
    Role,
    Scenario,
    complete,
    draft_of,
    filled,
    read_answers,
    read_draft,
    write_answers,
    write_draft,
)
from wgtui.domain.setup.schema import FORWARDING_KEYS, HOST_KEYS, NETWORK_KEYS, PEER_KEYS


@given(any_answers)
def test_answers_come_back_as_they_were_written(answers: Answers) -> None:
    for peer in answers.peers:
        assume(enter_name(peer.name).value == peer.name)
    assert read_answers(write_answers(answers), "answers") == answers


@given(st.binary(max_size=200))
def test_no_bytes_get_more_than_one_sentence(data: bytes) -> None:
    try:
        read_draft(b"schema = 1\n" + data, "answers")
    except AnswersRefused as error:
        assert "\n" not in str(error)


def test_a_draft_keeps_what_was_answered_and_the_page() -> None:
    draft = Draft(
        Scenario.JOIN,
        DraftNetwork(name="wg1"),
        peers=(DraftPeer(role=Role.GATEWAY), DraftPeer()),
        page="peers",
    )
    assert read_draft(write_draft(draft), "draft") == draft


def test_every_answer_has_a_key_and_every_written_key_is_explained() -> None:
    for keys, part in (
        (NETWORK_KEYS, NetworkAnswers),
        (FORWARDING_KEYS, ForwardingAnswers),
        (PEER_KEYS, PeerAnswers),
    ):
        assert [key.name for key in keys] == [field.name for field in dataclasses.fields(part)]
    lines = write_answers(RELAY).decode().splitlines()
    for above, line in pairwise(lines):
        if " = " in line and not line.startswith(("#", "schema")):
            assert above.startswith("# ")
            assert above.endswith(".")


def test_the_examples_of_a_template_can_be_taken_over() -> None:
    text = write_draft(Draft(), template=True).decode()
    taken = [re.sub(r"^# (?=\w+ = |\[\[)", "", line) for line in text.splitlines()]
    keyless = "\n".join(line for line in taken if "BASE64=" not in line)
    answers = read_answers(keyless.encode(), "template")
    assert answers.peers[0].name == "phone"
    assert {key.name for key in HOST_KEYS} <= {line.split(" =")[0] for line in taken}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("schema = 2", "does not say schema = 1"),
        ("scenario = 'relay'", "does not say schema = 1"),
        ("schema = 1\nscenario = 'relais'", "scenario: This must be one of: relay, direct,"),
        ("schema = 1\nscenari = 'relay'", "unknown key scenari. Did you mean scenario?"),
        ("schema = 1\n[interface]\nlisten_prot = 1", "interface.listen_prot. Did you mean listen_port?"),
        ("schema = 1\n[[peers]]\nname = 'a'\n[[peers]]\npublickey = ''", "peers[2].publickey. Did you mean"),
        ("schema = 1\n[interface]\nlisten_port = '51820'", "interface.listen_port: This must be a number"),
        ("schema = 1\n[interface]\nlisten_port = 70000", "interface.listen_port: 70000 is more than 65535"),
        ("schema = 1\n[interface]\naddresses = '10.0.0.1/24'", "interface.addresses: This must be a list"),
        ("schema = 1\nboot = 1", "boot: This must be true or false"),
        ("schema = 1\nboot == true", "answers:2:7: this is not TOML"),
        ("schema = 1\npeers = 3", "peers must be tables"),
        ("schema = 1\ninterface = 3", "interface must be a table"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, says: str) -> None:
    with pytest.raises(AnswersRefused) as refused:
        read_draft(text.encode(), "answers")
    assert says in str(refused.value)


def test_a_secret_in_the_wrong_place_is_not_quoted() -> None:
    secret = PresharedKey(b"\x5a" * 32).reveal()
    for key in ("name", "public_key", "preshared_key"):
        with pytest.raises(AnswersRefused) as refused:
            read_draft(f'schema = 1\n[[peers]]\n{key} = "{secret}x"'.encode(), "answers")
        assert secret not in str(refused.value)


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (Draft(), "no scenario"),
        (Draft(Scenario.RELAY), "no interface.name"),
        (Draft(Scenario.RELAY, DraftNetwork(name="wg0")), "no interface.addresses"),
        (dataclasses.replace(draft_of(RELAY), peers=(DraftPeer(),)), "no peers[1].name"),
    ],
)
def test_an_answer_that_is_missing_is_named(draft: Draft, says: str) -> None:
    with pytest.raises(AnswersRefused) as refused:
        complete(draft)
    assert says in str(refused.value)


def test_a_proposal_fills_only_what_was_not_answered() -> None:
    draft = Draft(Scenario.RELAY, DraftNetwork(name="wg7"), peers=(DraftPeer(name="home"),))
    both = filled(draft, draft_of(RELAY))
    assert both.interface.name == "wg7"
    assert both.interface.addresses == RELAY.interface.addresses
    assert complete(both).forwarding == RELAY.forwarding
    assert [peer.name for peer in both.peers] == [HOME.name]
