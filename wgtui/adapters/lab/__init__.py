"""Real tunnels between network namespaces on this machine."""
