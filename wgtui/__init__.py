"""wgtui: a full-screen terminal UI for the person who runs a WireGuard relay over SSH."""

__version__ = "0.1.0"
