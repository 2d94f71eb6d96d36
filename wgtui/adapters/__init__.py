"""Ports turned into real calls, one file a system."""
