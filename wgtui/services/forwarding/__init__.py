"""Forwarding and NAT of an interface: where its rules go, and what they meet there."""
