"""What the thread behind the Diagnose screen owns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wgtui.domain.errors import WgtuiError
from wgtui.services.doctor.diagnosis import Diagnosis
from wgtui.ui.presentation.diagnose import DoctorPage
from wgtui.ui.presentation.path_walk import PathPage


class DiagnoseReader:
    """Examines and walks. What cannot be done is told in place of what was found."""

    def __init__(self, make: Callable[[], Diagnosis]) -> None:
        """Look through what this makes, which is closed with this."""
        self._make = make
        self._made: Diagnosis | None = None

    @property
    def _diagnosis(self) -> Diagnosis:
        """Opened when it is first needed, so that a refusal is told like any other; raises `WgtuiError`."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def examine(self) -> DoctorPage:
        """What the doctor finds."""
        try:
            return DoctorPage(self._diagnosis.doctor.examine())
        except WgtuiError as error:
            return DoctorPage(problem=error)

    def walk(self, page: PathPage) -> PathPage:
        """The same path, as it is now; what was pinged before says nothing of that."""
        asked = replace(page, walk=None, probes=None, problem=None, is_busy=False)
        try:
            return replace(asked, walk=self._diagnosis.walks.walk(page.interface, page.origin, page.target))
        except WgtuiError as error:
            return replace(asked, problem=error)

    def probe(self, page: PathPage) -> PathPage:
        """The same path as it is now, with its ends pinged: takes some seconds."""
        walked = self.walk(page)
        if walked.walk is None:
            return walked
        try:
            return replace(walked, probes=self._diagnosis.probe.run(walked.walk))
        except WgtuiError as error:
            return replace(walked, problem=error)

    def close(self) -> None:
        """Release sockets."""
        if self._made is not None:
            self._made.close()
