from collections.abc import Sequence

from spanwise.collector.otlp.tape import Tape

SPARE: int

class Cursor: ...

def scan(requests: Sequence[bytes], explain: bool = True) -> Tape: ...
