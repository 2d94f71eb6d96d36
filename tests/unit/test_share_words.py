"""What the share screen says of a file that another program's files gave."""

from __future__ import annotations

import pytest

from tests.support.foreign_rig import client_file, public
from wgtui.domain.keys import PublicKey
from wgtui.domain.sharing import Rendition, choose_fit, compact_file
from wgtui.services.sharing import SharedFile
from wgtui.ui.presentation.cells import plain
from wgtui.ui.presentation.glyphs import UTF8
from wgtui.ui.presentation.share import code_words, text_lines

SAID = "It had another preshared key: the relay's was put in."


@pytest.mark.parametrize("width", [30, 76])
def test_what_was_changed_in_a_found_file_is_said_beside_code_and_text(width: int) -> None:
    content = client_file("alice", 2).encode()
    key = PublicKey.parse(public("alice"))
    shared = SharedFile("wg0", "alice", key, content, found_in="/root/alice.conf", said=(SAID,))
    compact = compact_file(content)
    fit = choose_fit(45, 200, 60, tuple(Rendition))
    assert fit is not None
    for lines in (
        code_words(shared, compact, fit, width, colourless=False),
        text_lines(shared, (), width, UTF8, revealed=False),
    ):
        assert SAID in " ".join(" ".join(plain(one) for one in lines).split())
