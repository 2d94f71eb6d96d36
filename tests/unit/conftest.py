"""How generated examples are judged."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes tells more of what else runs on the machine than of the code.
settings.register_profile(
    "unhurried", settings.get_profile(settings.get_current_profile_name()), deadline=None
)
settings.load_profile("unhurried")
