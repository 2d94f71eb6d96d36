"""Screens over other screens, that want an answer."""
