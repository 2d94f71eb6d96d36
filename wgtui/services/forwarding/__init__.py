"""Forwarding and NAT: what is seen of them, where rules go, and the plans that change them."""
