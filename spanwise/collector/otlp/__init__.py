"""Everything that knows OTLP bytes.

`decode` parses a request and says what is wrong with one that cannot be parsed; `admit` is what the receiver checks;
`conventions` is the table of attributes and the columns that they feed, `messages` brings every dialect's messages into
one form, `resolve` applies both to a span; `block` turns requests into rows.
"""
