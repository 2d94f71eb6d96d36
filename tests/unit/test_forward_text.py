"""What `wgtui forward` prints of a view."""

from __future__ import annotations

import json

from wgtui.commands.forward_text import render_view, view_json
from wgtui.domain.addresses import prefix_of
from wgtui.domain.forwarding import (
    AfterReboot,
    BootState,
    Decider,
    DiskState,
    Fix,
    ForwardingView,
    HandWritten,
    HiddenRules,
    NowState,
    OnDisk,
    PathFacts,
    PathLink,
    PathPeer,
    Row,
    SwitchName,
)

GONE = AfterReboot(BootState.OFF, "This network namespace does not outlive a reboot.")
VIEW = ForwardingView(
    "wg0",
    is_up=True,
    rows=(
        Row(SwitchName.IPV4, now=NowState.ON, disk=OnDisk(DiskState.ON, "99-wgtui.conf:2"), boot=GONE),
        Row(
            SwitchName.RELAY,
            now=NowState.BLOCKED,
            boot=GONE,
            packets=7,
            bytes=7168,
            culprit="Packets are dropped: -j DROP \x1b[2J",
            fix=Fix("Let them pass.", SwitchName.RELAY),
        ),
        Row(
            SwitchName.MASQUERADE,
            "eth0",
            NowState.ON,
            OnDisk(DiskState.HAND_WRITTEN, "wg0.conf:7", "iptables ..."),
            boot=AfterReboot(BootState.ON, "It is run."),
            note="Not for IPv6.",
        ),
    ),
    backend=("Rules go to iptables-nft.",),
    hidden=(HiddenRules("nft", "nft list ruleset", ("inet own forward drop",)),),
    deciders=(Decider("Docker", "Its policy drops.", drops=True),),
    hand_written=(
        HandWritten(0, "wg0.conf:7", "iptables ...", ((SwitchName.MASQUERADE, "eth0"),), True),
        HandWritten(1, "wg0.conf:8", "logger", (), False, "It is not known."),
    ),
    path=PathFacts(
        (prefix_of("10.0.0.0/24"),),
        51820,
        (PathPeer("home", (prefix_of("10.0.0.2/32"),)),),
        (PathLink("eth0", (prefix_of("192.0.2.0/24"),), is_uplink=True, masquerades=True),),
    ),
    problems=("nft is missing.",),
)


def test_the_table_and_what_there_is_to_say() -> None:
    assert render_view(VIEW) == (
        """\
SWITCH           NOW      ON DISK                  AFTER REBOOT  PACKETS  BYTES
ipv4             on       on 99-wgtui.conf:2       off           -        -
relay            blocked  off                      off           7        7.0 KiB
masquerade eth0  on       hand-written wg0.conf:7  on            -        -

In the way:
  relay: Packets are dropped: -j DROP \ufffd[2J
  relay: to mend it: Let them pass. (wgtui forward wg0 on relay)

Worth knowing:
  masquerade eth0: Not for IPv6.

After a reboot:
  ipv4, relay: This network namespace does not outlive a reboot.
  masquerade eth0: It is run.

Who decides besides:
  Docker: Its policy drops. (packets are lost there)

Somebody's own commands:
  wg0.conf:7: iptables ... (it is: masquerade eth0; wgtui forward wg0 --take-over 7)
  wg0.conf:8: logger (It is not known.)

Rules of nft (shown by: nft list ruleset):
  inet own forward drop

Where rules go:
  Rules go to iptables-nft.

What could not be read:
  nft is missing.
"""
    )


def test_the_json_has_all_of_it() -> None:
    said = json.loads(json.dumps(view_json(VIEW)))
    assert (said["schema"], said["interface"], said["up"]) == (1, "wg0", True)
    relay = said["switches"][1]
    assert relay == {
        "switch": "relay",
        "interface": None,
        "now": "blocked",
        "on_disk": {"state": "off", "where": None, "line": None},
        "after_reboot": {"state": "off", "reason": GONE.reason},
        "packets": 7,
        "bytes": 7168,
        "note": None,
        "culprit": "Packets are dropped: -j DROP \x1b[2J",
        "fix": {"text": "Let them pass.", "switch": "relay", "on": True, "interface": None},
    }
    assert said["hand_written"][0]["switches"] == [{"switch": "masquerade", "interface": "eth0"}]
    assert said["hidden_rules"][0]["rules"] == ["inet own forward drop"]
    assert said["path"]["links"][0] == {
        "name": "eth0",
        "networks": ["192.0.2.0/24"],
        "uplink": True,
        "masquerades": True,
    }
