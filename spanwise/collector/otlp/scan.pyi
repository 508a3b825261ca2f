from collections.abc import Sequence

from spanwise.collector.otlp.tape import Tape

class Cursor: ...

def scan(requests: Sequence[bytes]) -> Tape: ...
