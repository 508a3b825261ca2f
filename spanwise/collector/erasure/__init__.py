"""Forgetting for good: what was learned, what it was learned from, and every copy of it.

`targets` says which traces and records are meant, `remove` takes them out of the tables and waits for their files,
`retelling` says what becomes of records that others taught as well, `receipt` is the proof that can be looked at again,
`eraser` goes through all of it, and `erased` keeps erased traces out when old bytes come in again. `people` is the door
to it.
"""
