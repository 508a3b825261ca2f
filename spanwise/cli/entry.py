"""The entry point of the distribution."""

from __future__ import annotations

import sys


def main() -> None:
    """Run a command and exit."""
    # Imported here, because the plugin worker imports the program that started it, and should stay small.
    from spanwise.cli.failures import reported  # noqa: PLC0415
    from spanwise.cli.main import app  # noqa: PLC0415

    sys.exit(reported(app))
