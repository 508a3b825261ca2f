"""The policies that were in force, so that another one alters nothing of what agents were told before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from spanwise.collector.context.policy import Policy
from spanwise.collector.store import Store
from spanwise.collector.store.rows import block_of

IN_FORCE = "SELECT Id, Policy FROM policies WHERE At <= {at:DateTime64(6, 'UTC')} ORDER BY At DESC LIMIT 1"


async def enforce(store: Store, policy: Policy, clock: Callable[[], datetime]) -> None:
    """Return once it is durable that `policy` is in force from now on, unless it was already."""
    now = clock()
    rows = await store.query(IN_FORCE, {"at": now})
    if not rows or rows[0][0] != policy.id:
        block = block_of("policies", ("Id", "Policy", "At"), [(policy.id, policy.model_dump_json(), now)])
        await store.insert(block, f"policy:{policy.id}:{now.isoformat()}")


async def policy_at(store: Store, time: datetime) -> Policy | None:
    """The one that was in force then; None before the first."""
    rows = await store.query(IN_FORCE, {"at": time})
    return Policy.model_validate_json(rows[0][1]) if rows else None
