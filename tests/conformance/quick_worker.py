"""Runs within namespaces of its own: brings tunnels up and down, ours and `wg-quick`'s, and tells the state.

`python -m tests.conformance.quick_worker FOLDER`, started by `quick_host.py`, reads requests from standard
input and answers on standard output, one JSON object a line. FOLDER is for the file system's stand-ins.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conformance.quick_state import state
from tests.support.host_ports import planner_context, real_ports
from wgtui.adapters.clock import SystemClock
from wgtui.adapters.host_lock import FileHostLock
from wgtui.adapters.journal_files import JournalFiles
from wgtui.adapters.operator import Operator
from wgtui.domain.errors import WgtuiError
from wgtui.services.interfaces import find_source, plan_down, plan_sync, plan_up
from wgtui.services.journal import Journal
from wgtui.services.transaction import Transaction

_SETUP = """
mount --make-rprivate /
for folder in /run /etc/wireguard; do mkdir -p $folder; mount -t tmpfs tmpfs $folder; done
mkdir /run/wireguard
for family in default all; do echo 0 > /proc/sys/net/ipv6/conf/$family/accept_dad; done
ip link set lo up
ip link add wan type veth peer name wanpeer
ip link add jumbo mtu 9000 type veth peer name jumbopeer mtu 9000
for link in wan wanpeer jumbo jumbopeer; do ip link set $link addrgenmode none up; done
ip address add 192.0.2.2/24 dev wan
ip address add 2001:db8::2/64 dev wan nodad
ip address add 198.51.100.2/24 dev jumbo
ip route add default via 192.0.2.1
ip -6 route add default via 2001:db8::1
ip route add 203.0.113.0/24 via 198.51.100.1 mtu 1300
"""

_RESOLVCONF = """#!/bin/sh
folder=/run/resolvconf; mkdir -p $folder
case $1 in
-a) cat > "$folder/$2" ;;
-d) rm -f "$folder/$2" ;;
-l) cat "$folder/$2" ;;
esac
"""


class Worker:
    """Answers requests.

    Args:
        folder: For programs and the journal.
    """

    def __init__(self, folder: Path) -> None:
        subprocess.run(["sh", "-ec", _SETUP], check=True)
        programs = folder / "bin"
        programs.mkdir()
        resolvconf = programs / "resolvconf"
        resolvconf.write_text(_RESOLVCONF)
        resolvconf.chmod(0o755)
        os.environ["PATH"] = f"{programs}:{os.environ['PATH']}"
        self._ports = real_ports()
        self._context = planner_context(self._ports)
        self._journal = Journal(JournalFiles(folder), SystemClock(), "the test")
        self._transaction = Transaction(self._ports, self._journal, FileHostLock(folder, Operator("test")))

    def answer(self, request: dict[str, Any]) -> object:
        """Do what is asked."""
        name = request.get("name", "wgo")
        match request["do"]:
            case "write":
                path = Path("/etc/wireguard", f"{name}.conf")
                path.write_bytes(request["config"].encode("latin-1"))
                path.chmod(0o600)
                return None
            case "read":
                return Path("/etc/wireguard", f"{name}.conf").read_bytes().decode("latin-1")
            case "state":
                return state()
            case "undo":
                self._transaction.undo(request["number"])
                return None
            case "run":
                return _run(request["command"])
            case ours:
                return self._ours(ours, name, recorded=request.get("recorded", True))

    def _ours(self, verb: str, name: str, *, recorded: bool) -> object:
        try:
            source = find_source(self._ports.files, name, "/etc/wireguard")
            link = self._ports.network.link(name)
            made = self._journal.made_by(name, link.index) if link and recorded else None
            if verb == "up":
                plan = plan_up(self._context, source)
            elif verb == "down":
                plan = plan_down(self._context, name, source, made)
            else:
                plan = plan_sync(self._context, source, made)
            number = self._transaction.apply(plan).number
        except WgtuiError as error:
            return {"error": str(error)}
        return {"error": "", "notes": plan.notes, "number": number, "steps": len(plan.steps)}


def _run(command: list[str]) -> dict[str, object]:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "WG_ENDPOINT_RESOLUTION_RETRIES": "0", "LC_ALL": "C"},
    )
    return {"status": done.returncode, "said": done.stdout + done.stderr}


def main() -> None:
    """Answer until standard input ends."""
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    worker = Worker(Path(sys.argv[1]))
    print(json.dumps("ready"), file=replies)
    for line in sys.stdin:
        request = json.loads(line)
        reply = worker.answer(request)
        print(json.dumps(reply), file=replies)


if __name__ == "__main__":
    main()
