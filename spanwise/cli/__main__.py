"""`python -m spanwise.cli`: the same as `spanwise`."""

from spanwise.cli.main import main

main()
