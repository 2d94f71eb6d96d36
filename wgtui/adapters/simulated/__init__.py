"""The same ports in memory: seeded, on a fake clock, with faults on demand."""
