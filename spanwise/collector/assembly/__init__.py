"""The composition root: the only place that reads the URLs.

collector   starts and stops the roles, in the right order
role        what a process can do
core        what the roles share that need the store
doors       where the collector answers
buses       the bus of the settings
stores      the store of the settings, opened or served
"""
