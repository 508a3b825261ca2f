"""`python -m spanwise.cli`: the same as `spanwise`."""

from spanwise.cli.entry import main

main()
