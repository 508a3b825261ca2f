"""Which records a conversation was told, by the short ids that stood in its system instructions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spanwise.collector.context.render import ID
from spanwise.collector.model import Scope, Signal
from spanwise.collector.store import Store
from spanwise.processors.models.exposure import KIND

# The sort key of the table finds these: not every record of the organisation is looked at.
RECORDS = f"""
SELECT DISTINCT RecordId, Org, AgentName, UserId FROM context_updates
WHERE Org IN {{orgs:Array(String)}} AND UserId IN {{users:Array(String)}} AND AgentName IN {{agents:Array(String)}}
  AND Operation != 'erase' AND substring(RecordId, 1, {ID}) IN {{ids:Array(String)}}
"""


async def with_records(store: Store, signals: Sequence[Signal]) -> Sequence[Signal]:
    """The signals, exposures with the detail `record`: its whole id.

    Those whose short id is that of no record which covers their scope, or of two, are left out.
    """
    claimed = [one for one in signals if one.kind == KIND]
    if not claimed:
        return signals
    records = await _records(store, claimed)
    grounded = (_with_record(one, records) if one.kind == KIND else one for one in signals)
    return [one for one in grounded if one]


def _with_record(exposure: Signal, records: Mapping[str, Sequence[tuple[str, Scope]]]) -> Signal | None:
    known = records.get(exposure.details.get("id", ""), ())
    covering = [record for record, scope in known if scope.covers(exposure.scope)]
    return replace(exposure, details={**exposure.details, "record": covering[0]}) if len(covering) == 1 else None


async def _records(store: Store, claimed: Iterable[Signal]) -> Mapping[str, Sequence[tuple[str, Scope]]]:
    """Ids and scopes of the records with those short ids."""
    scopes = {one.scope for one in claimed}
    parameters = {
        "orgs": sorted({scope.org for scope in scopes}),
        "users": sorted({"", *(scope.user for scope in scopes)}),
        "agents": sorted({"", *(scope.agent for scope in scopes)}),
        "ids": sorted({one.details.get("id", "") for one in claimed}),
    }
    found: dict[str, list[tuple[str, Scope]]] = defaultdict(list)
    for record, org, agent, user in await store.query(RECORDS, parameters):
        found[record[:ID]].append((record, Scope(agent, org, user)))
    return found
