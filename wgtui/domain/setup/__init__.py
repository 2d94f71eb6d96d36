"""Setting a host up: what is asked, and what follows from the answers for both ends."""

from __future__ import annotations

from wgtui.domain.setup.answers import (
    Answers,
    ForwardingAnswers,
    NetworkAnswers,
    PeerAnswers,
    Role,
    Scenario,
)
from wgtui.domain.setup.answers_file import read_answers, read_draft, write_answers, write_draft
from wgtui.domain.setup.derive import Derived, DerivedPeer, PeerKeys, derive, own_document, peer_edit
from wgtui.domain.setup.draft import (
    Draft,
    DraftForwarding,
    DraftNetwork,
    DraftPeer,
    complete,
    draft_of,
    filled,
)
from wgtui.domain.setup.usual import usual_forwarding

__all__ = [
    "Answers",
    "Derived",
    "DerivedPeer",
    "Draft",
    "DraftForwarding",
    "DraftNetwork",
    "DraftPeer",
    "ForwardingAnswers",
    "NetworkAnswers",
    "PeerAnswers",
    "PeerKeys",
    "Role",
    "Scenario",
    "complete",
    "derive",
    "draft_of",
    "filled",
    "own_document",
    "peer_edit",
    "read_answers",
    "read_draft",
    "usual_forwarding",
    "write_answers",
    "write_draft",
]
