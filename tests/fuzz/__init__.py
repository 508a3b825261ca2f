"""Hostile input for the scan: any bytes, made of what clients send by mutations that know protobuf's structure.

    messages ──mutations──▶ inputs ──agreement──▶ does the scan say what protobuf says?

`python -m tests.fuzz` runs as many inputs as one likes; `test_fuzz.py` runs a short form of it.
"""
