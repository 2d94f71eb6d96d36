"""Servers that other programs or people set up: what they are, and where their peers' keys are.

Modules are imported one by one: editing needs `client_files`, and `adoption` needs editing.
"""
