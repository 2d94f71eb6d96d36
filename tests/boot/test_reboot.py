"""A server that was set up, switched off and on again: what comes back is what was said to come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.boot.host import Result, boot

ANSWERS = """
schema = 1
scenario = "relay"
[interface]
name = "wg0"
addresses = ["10.77.0.1/24", "fd77::1/64"]
listen_port = 51877
endpoint = "198.51.100.2:51877"
[forwarding]
ipv4 = true
ipv6 = true
relay = true
forward = true
masquerade = "eth0"
open_port = true
mss_clamp = true
[[peers]]
name = "phone"
"""

FIRST = f"""
cat >answers.toml <<'ANSWERS'{ANSWERS}ANSWERS
wgtui setup --answers answers.toml --yes
systemctl is-enabled wg-quick@wg0
systemctl is-active wg-quick@wg0
wgtui forward wg0 off relay --yes
wgtui forward wg0 --json >before.json

# Nobody confirms this one.
wgtui forward wg0 off mss --yes --confirm-within 3
systemctl list-timers --all --no-pager | grep -o 'wgtui-revert[^ ]*timer'
for second in $(seq 60); do
    ! grep -q reverted /var/lib/wgtui/journal/000003.jsonl || break
    sleep 1
done
grep -c reverted /var/lib/wgtui/journal/000003.jsonl
nft list ruleset >reverted.nft
"""

SECOND = """
systemctl is-active wg-quick@wg0
sysctl -n net.ipv4.ip_forward >forwarding
wg show wg0 listen-port >port
nft list ruleset >after.nft
wgtui forward wg0 --json >after.json
systemctl stop wg-quick@wg0
nft list ruleset >down.nft
"""


def rows(result: Result, name: str) -> dict[str, dict[str, Any]]:
    return {f"{row['switch']} {row['interface'] or ''}": row for row in result.data(name)["switches"]}


def test_a_reboot_brings_back_what_was_said(tmp_path: Path) -> None:
    first = boot(tmp_path / "first", FIRST)
    assert first.status == 0, first.said
    said = rows(first, "before.json")
    # A timer of the real systemd took the last change back.
    assert "wgtui-revert-3" in first.said
    assert "maxseg" in first.text("reverted.nft")

    second = boot(tmp_path / "second", SECOND, kept=first.folder)
    assert second.status == 0, second.said
    assert second.text("forwarding").strip() == "1"
    assert second.text("port").strip() == "51877"
    came = rows(second, "after.json")
    assert set(came) == set(said)
    for name, row in said.items():
        assert came[name]["now"] == row["after_reboot"]["state"], (name, row, came[name])
    assert {row["after_reboot"]["state"] for row in said.values()} == {"on", "off", "open"}
    assert "wgtui-wg0" in second.text("after.nft")
    assert "wgtui" not in second.text("down.nft")
