"""What is known of a peer until the first handshake and just after it, and what keeps it from coming."""

from wgtui.domain.first_contact.finding import Cause, Contact, Finding, Reason, Stage
from wgtui.domain.first_contact.rules import Judge
from wgtui.domain.first_contact.scene import Admission, Baseline, Scene
from wgtui.domain.first_contact.words import cause_words, finding_words, reason_words

__all__ = [
    "Admission",
    "Baseline",
    "Cause",
    "Contact",
    "Finding",
    "Judge",
    "Reason",
    "Scene",
    "Stage",
    "cause_words",
    "finding_words",
    "reason_words",
]
