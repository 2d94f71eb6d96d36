"""Peers' own files: found, or why not; forgotten, and brought back; written elsewhere."""

from __future__ import annotations

import pytest

from tests.services.interface_host import FOLDER, InterfaceHost
from tests.support.shared_peers import FULL, IPV4, KEEPS, own_file, public_key, relay_file
from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.qr_segno import SegnoQrCodes
from wgtui.domain.errors import EditRefused, FileRefused, NothingToShare
from wgtui.domain.host import FileImage
from wgtui.services.editing import ConfigEditor
from wgtui.services.sharing import Kind, Sharing

PATH = f"{FOLDER}/peers/wg0/{IPV4}.conf"


class Relay(InterfaceHost):
    """A relay with the peers of `shared_peers`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.write(relay_file())
        self.files.write(PATH, FileImage(own_file(IPV4).encode()))
        editor = ConfigEditor(self.context, FOLDER, self.made)
        self.sharing = Sharing(editor, NaclKeypairs(), self.journal)


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.mark.parametrize("which", [IPV4, str(public_key(IPV4)), str(public_key(IPV4))[:8]])
def test_by_name_and_by_key(relay: Relay, which: str) -> None:
    shared = relay.sharing.find("wg0", which)
    assert shared.content.decode() == own_file(IPV4)
    assert (shared.name, shared.public_key, shared.enabled) == (IPV4, public_key(IPV4), True)
    assert own_file(IPV4).split("PrivateKey = ")[1][:44] not in repr(shared)


def test_why_there_is_no_file(relay: Relay) -> None:
    with pytest.raises(NothingToShare, match="tablet keeps its private key to itself"):
        relay.sharing.find("wg0", KEEPS)
    with pytest.raises(EditRefused, match="no peer nobody"):
        relay.sharing.find("wg0", "nobody")
    relay.files.write(PATH, FileImage(own_file(FULL).encode()))
    with pytest.raises(NothingToShare, match=r"phone\.conf is not the file of phone"):
        relay.sharing.find("wg0", IPV4)


def test_forgetting_says_that_the_journal_keeps_it_and_can_be_undone(relay: Relay) -> None:
    before = relay.files.read(PATH)
    plan = relay.sharing.forgetting("wg0", public_key(IPV4))
    assert any("journal" in note and "private key" in note for note in plan.notes)
    applied = relay.transaction.apply(plan)
    assert relay.files.read(PATH) is None
    with pytest.raises(NothingToShare, match=f"deleted here by change {applied.number}") as raised:
        relay.sharing.find("wg0", IPV4)
    assert f"wgtui undo {applied.number}" in raised.value.hint
    with pytest.raises(NothingToShare):
        relay.sharing.forgetting("wg0", public_key(IPV4))
    assert applied.number is not None
    relay.transaction.undo(applied.number)
    assert relay.files.read(PATH) == before
    assert relay.sharing.find("wg0", IPV4).content.decode() == own_file(IPV4)


def test_a_file_that_was_forgotten_for_other_keys_is_not_offered(relay: Relay) -> None:
    relay.transaction.apply(relay.sharing.forgetting("wg0", public_key(IPV4)))
    relay.write(relay_file().replace(str(public_key(IPV4)), str(public_key("another"))))
    with pytest.raises(NothingToShare, match="keeps its private key"):
        relay.sharing.find("wg0", IPV4)


def test_saving_for_the_owner_alone_and_over_nothing(relay: Relay) -> None:
    relay.sharing.save("/root/x.conf", b"one")
    image = relay.files.read("/root/x.conf")
    assert image is not None
    assert (image.content, image.mode) == (b"one", 0o600)
    with pytest.raises(FileRefused, match="exists already") as raised:
        relay.sharing.save("/root/x.conf", b"two")
    assert raised.value.hint == "Give another name."
    relay.sharing.save("/root/x.conf", b"two", overwrite=True)
    assert relay.files.files["/root/x.conf"].content == b"two"


def test_as_what_it_is_handed_over(relay: Relay) -> None:
    shared, codes = relay.sharing.find("wg0", IPV4), SegnoQrCodes()
    assert shared.rendered(Kind.CONF, codes) == shared.content
    assert shared.rendered(Kind.PNG, codes).startswith(b"\x89PNG")
    assert b"<svg" in shared.rendered(Kind.SVG, codes)
