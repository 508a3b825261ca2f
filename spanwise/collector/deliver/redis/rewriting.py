"""Redis' files written anew, without what is not in the memory any more."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

REWRITE_SECONDS = 600.0
WRITING = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress")


async def rewrite(client: Any) -> None:
    """Return once neither the append-only file nor the snapshot has what is not in the memory any more."""
    async with asyncio.timeout(REWRITE_SECONDS):
        if (await _until_idle(client))["aof_enabled"]:
            await client.bgrewriteaof()
        await _until_idle(client)
        if (await client.config_get("save")).get("save"):
            await client.bgsave()
        await _until_idle(client)


async def _until_idle(client: Any) -> Mapping[str, Any]:
    """Return once nothing is being written that began before now."""
    while True:
        known: Mapping[str, Any] = await client.info("persistence")
        if not any(known[name] for name in WRITING):
            return known
        await asyncio.sleep(0.1)
