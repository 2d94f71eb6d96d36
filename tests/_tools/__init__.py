"""The program behind `tests/run`: the standard library only, so that it runs on a bare machine."""
