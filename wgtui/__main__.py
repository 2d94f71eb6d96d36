"""`python -m wgtui`, and the `wgtui` program."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program with the arguments of the process."""
    from wgtui.cli import main as run
    from wgtui.streams import prepare_streams

    prepare_streams()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
