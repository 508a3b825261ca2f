"""Tool and model signals over labelled runs, sent as OTLP through the real bus, engine and worker."""

from __future__ import annotations

from collections import defaultdict

from spanwise.collector.store import Store
from tests.processors.runs import KINDS, Run, runs
from tests.roles.loop import running_loop, until

RUNS = list(runs())
SIGNALS = "SELECT Kind, SpanId FROM signals FINAL WHERE Org = {org:String} AND TraceId = {trace:String}"


def test_every_kind_has_cases_for_and_cases_against() -> None:
    expected = {kind for run in RUNS for kind, _ in run.expect}
    assert expected == set(KINDS)
    assert sum(not run.expect for run in RUNS) >= 15
    assert len({run.name for run in RUNS}) == len(RUNS)


async def test_what_is_labelled_is_seen_and_nothing_else(store: Store, org: str) -> None:
    async with running_loop(store, org) as loop:
        for run in RUNS:
            await loop.send(*run.spans)
        await until(loop.processed)
        problems: dict[str, list[str]] = defaultdict(list)
        for run in RUNS:
            seen = await _seen(store, org, run)
            problems["missed"] += [f"{run.name}: {one}" for one in run.expect - seen]
            problems["wrong"] += [f"{run.name}: {one}" for one in seen - run.expect]
    assert problems == {"missed": [], "wrong": []}


async def _seen(store: Store, org: str, run: Run) -> set[tuple[str, str]]:
    names = {span.span_id.hex(): span.name for span in run.spans}
    rows = await store.query(SIGNALS, {"org": org, "trace": run.spans[0].trace_id.hex()})
    return {(kind, names[span_id]) for kind, span_id in rows}
