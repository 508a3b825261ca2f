"""Everything that knows OTLP bytes.

    bytes ──scan──▶ tape ──▶ faults, admit, subset      what the receiver checks, and cuts
                      └────▶ plan, selection ──▶ columns ──▶ block      rows for ClickHouse

`scan` walks the bytes once and `tape` says what is where. `conventions` is the table of attributes and of the columns
that they feed; `plan` applies it to the names of a tape, `selection` to its spans. What no attribute says just as a
column needs it is made by `making`, span by span: `reading` gives a span as Python objects, `lookup` and `resolve` find
its values, `messages` brings every dialect's messages into one form. `block` writes the columns
that `columns.table` names; `traces` are the ids in it, packed.

Compiled: `native` (C structures and memory; `interpreted` stands in for it), `tape`, `scan`, `texts`, `faults`,
`selection`, `reading` and `columns`. A `.pxd` beside a module says its types in C, a `.pyi` those that Python sees.
"""
