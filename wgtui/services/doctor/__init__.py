"""The doctor: looks at a whole host, says what is wrong and why it matters, and plans what mends it."""

from __future__ import annotations

from wgtui.services.doctor.as_data import doctor_json
from wgtui.services.doctor.doctor import Doctor, DoctorReport
from wgtui.services.doctor.gathering import FolderMode
from wgtui.services.doctor.words import doctor_fix_words

__all__ = ["Doctor", "DoctorReport", "FolderMode", "doctor_fix_words", "doctor_json"]
