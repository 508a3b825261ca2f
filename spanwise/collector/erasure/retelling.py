"""Records that others taught as well: what they are without the evidence that is erased, said once more in the log.

Taking evidence out of the log's updates may change what these add up to, and whoever follows the log would never hear
of it: a record may have been seen often enough with the erased evidence alone, or have come back because of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from spanwise.collector.context.decisions import decide
from spanwise.collector.context.records import fold
from spanwise.collector.context.story import valid_from
from spanwise.collector.model import ContextUpdate, Evidence, Operation, Record, Status


def retold(
    history: Sequence[ContextUpdate], is_erased: Callable[[Evidence], bool], producer: str, reason: str
) -> Sequence[ContextUpdate]:
    """The decision that makes a record what it will be without the erased evidence; none if it will be the same.

    It holds since the last that was said of the record: of what is said later, nothing is overruled.
    """
    before, after = _record(history), _record([_without(one, is_erased) for one in history])
    if after is None or before == after:
        return ()
    operation = Operation.RETRACT if after.status is Status.RETIRED else Operation.UPDATE
    decision = decide(operation, after, after.status, producer, reason)
    return [replace(decision, policy=after.policy, valid_from=max(map(valid_from, history)))]


def _record(history: Sequence[ContextUpdate]) -> Record | None:
    """But for its evidence, which followers do not keep."""
    return next((replace(record, evidence=()) for record in fold(history)), None)


def _without(update: ContextUpdate, is_erased: Callable[[Evidence], bool]) -> ContextUpdate:
    return replace(update, evidence=tuple(item for item in update.evidence if not is_erased(item)))
