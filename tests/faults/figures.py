"""What the tests of faults measured, for whoever runs them to read: `make bench-faults`, or `pytest -s`."""

import sys


def tell(line: object) -> None:
    """Print a figure, or what something came to."""
    sys.stdout.write(f"\n{line}\n")
