from collections.abc import Iterable, Sequence

from spanwise.collector.otlp.native import Numbers
from spanwise.collector.otlp.tape import Tape

Uses = Sequence[Sequence[tuple[int, int, int, int, int]]]

class Plan:
    columns: tuple[str, ...]
    def __init__(
        self,
        columns: Sequence[str],
        checks: Sequence[int],
        attributes: Uses,
        events: Uses,
        assemblies: Uses,
        resources: Uses,
    ) -> None: ...

class Selection:
    rows: int
    width: int
    def questions(self) -> list[tuple[int, int]]: ...
    def make(self, answers: Sequence[tuple[int, bytes]]) -> None: ...

def numbers(values: Iterable[int]) -> Numbers: ...
def select(tape: Tape, plan: Plan, kinds: Numbers) -> Selection: ...
