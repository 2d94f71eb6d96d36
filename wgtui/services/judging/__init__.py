"""Judging peers: one in full while it is looked at, or all by what one look at the host shows."""

from wgtui.services.judging.peer_files import PeerFiles
from wgtui.services.judging.peer_judge import PeerJudge
from wgtui.services.judging.plain import judgement_json, plain_judgement

__all__ = ["PeerFiles", "PeerJudge", "judgement_json", "plain_judgement"]
