"""What `wg` and `wg-quick` accept, but what is dangerous or was hardly meant."""

from __future__ import annotations

from wgtui.domain.lints.path import FileFacts, check_path
from wgtui.domain.lints.peers import check_peers
from wgtui.domain.lints.quick import check_quick
from wgtui.domain.lints.text import check_text

__all__ = ["FileFacts", "check_path", "check_peers", "check_quick", "check_text"]
