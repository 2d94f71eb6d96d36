"""Steps and plans: their inverse, their words, and their way to the journal and back."""

from __future__ import annotations

import json
import shlex

import pytest

from tests.unit.plan_samples import ADDRESS, CHANGE, PRESHARED, PRIVATE, ROUTE, STEPS
from wgtui.domain.change import DeviceChange
from wgtui.domain.keys import PrivateKey
from wgtui.domain.network import Rule
from wgtui.domain.plan import (
    ConfigureDevice,
    Plan,
    SetAddress,
    SetRoute,
    SetRule,
    Step,
    commands,
    link_of,
    sentence,
)
from wgtui.domain.plan.codec import from_json, plan_from_json, to_json

every_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: sentence(step)[:50])


@every_step
def test_the_inverse_of_the_inverse_is_the_step(step: Step) -> None:
    assert step.inverse() != step
    assert step.inverse().inverse() == step


@every_step
def test_a_step_survives_the_journal(step: Step) -> None:
    text = json.dumps(to_json(step))
    assert from_json(json.loads(text)) == step


@every_step
def test_a_step_says_itself_without_a_secret(step: Step) -> None:
    said = [sentence(step), sentence(step.inverse()), *commands(step), *commands(step.inverse()), repr(step)]
    for text in said:
        assert PRIVATE.reveal() not in text
        assert PRESHARED.reveal() not in text
    assert all(text.endswith(".") for text in said[:2])


@every_step
def test_commands_are_words_that_a_shell_takes(step: Step) -> None:
    for command in (*commands(step), *commands(step.inverse())):
        assert command.startswith("#") or shlex.split(command)


@every_step
def test_a_step_tells_two_resources_apart(step: Step) -> None:
    assert step.inverse().resource == step.resource or step.resource.startswith("hook")


def test_a_plan_survives_the_journal_and_turns_round() -> None:
    plan = Plan("Try it", STEPS, ("Mind the gap.",))
    assert plan_from_json(json.loads(json.dumps(to_json(plan)))) == plan
    assert plan.inverse("Take it back").steps[0] == STEPS[-1].inverse()
    assert plan.inverse("Take it back").inverse("Try it").steps == plan.steps
    assert Plan("Nothing", ()).is_empty


def test_text_that_is_no_unicode_survives_the_journal() -> None:
    plan = Plan("odd \udcff name", ())
    assert plan_from_json(json.loads(json.dumps(to_json(plan)))) == plan


def test_sentences_and_commands_of_the_common_steps() -> None:
    assert (
        sentence(SetRoute(ROUTE, present=True)) == "Add the route to 192.168.2.0/24 by wg0 to the main table."
    )
    assert commands(SetRoute(ROUTE, present=True)) == ("ip -4 route add 192.168.2.0/24 dev wg0",)
    assert commands(SetAddress("wg0", ADDRESS, present=False)) == ("ip address delete 10.0.0.1/24 dev wg0",)
    not_marked = SetRule(Rule(4, 51820, fwmark=51820, invert=True), present=True)
    assert commands(not_marked) == ("ip -4 rule add not fwmark 0xca6c table 51820",)
    assert sentence(not_marked).startswith(
        "Add the routing rule: IPv4 packets without the mark 0xca6c use table 51820"
    )
    configure = ConfigureDevice("wg0", CHANGE, DeviceChange())
    assert commands(configure)[0] == "wg set wg0 private-key KEYFILE listen-port 51820 fwmark off"
    assert commands(configure)[1].endswith("allowed-ips -10.0.0.2/32")
    assert commands(configure)[3].endswith("remove")
    none = ConfigureDevice("wg0", DeviceChange(private_key=PrivateKey(bytes(32))), DeviceChange())
    assert commands(none) == ("wg set wg0 private-key /dev/null",)


def test_steps_that_need_a_link_name_it() -> None:
    assert link_of(SetRoute(ROUTE, present=True)) == "wg0"
    assert link_of(SetRule(Rule(4), present=True)) is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"$": "os.system"},
        {"$": "Plan"},
        {"$": "Plan", "title": "x", "steps": [], "notes": [], "more": 1},
        {"$": "private key", "value": "hush"},
        {"$": "private key"},
        {"$": "bytes", "value": "%%%"},
        {"$": "address", "value": "nowhere"},
        {"$": ["list"]},
        b"bytes",
    ],
    ids=repr,
)
def test_what_no_journal_holds_is_refused_without_quoting_it(data: object) -> None:
    with pytest.raises(ValueError) as refusal:
        plan_from_json(data)
    assert "hush" not in str(refusal.value)


def test_only_the_values_of_plans_are_written() -> None:
    with pytest.raises(TypeError):
        to_json({1, 2})
