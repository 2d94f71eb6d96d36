"""Values and rules of WireGuard and routing: pure, standard library only."""
