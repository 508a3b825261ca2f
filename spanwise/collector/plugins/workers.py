"""Hands readings and signals to the worker process, and finds out which plugin it is that hangs."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from spanwise.collector.metrics import Metrics
from spanwise.collector.model import Context, ContextUpdate, Signal
from spanwise.collector.plugins import work
from spanwise.collector.plugins.work import Failure, Learned, Reading, Seen
from spanwise.processors.discover import Plugin

logger = logging.getLogger(__name__)

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

START_SECONDS = 60.0
SUSPENDED_AFTER = 3
"""Hangs of one plugin after which it is left out until the next start: each costs a whole time-out."""
SECONDS_PER_MEGABYTE = 4.0
"""Added to the time-out for parsing and for weighing each sentence: several times what that costs on a slow machine."""


class Hung(Exception):
    """The worker did not answer in time, or died; it has been replaced."""


class Workers:
    """One worker process, replaced when it hangs or dies. Calls are answered one after the other."""

    def __init__(
        self, processors: Sequence[Plugin], learners: Sequence[Plugin], timeout: float, metrics: Metrics
    ) -> None:
        self._processors = processors
        self._learners = learners
        self._timeout = timeout
        self._metrics = metrics
        self._hangs: Counter[str] = Counter()
        self._logged: set[tuple[str, str]] = set()
        self._pool = _pool()
        self._closed = False

    async def start(self) -> None:
        """Return once the worker answers and has imported the plugins: both take as long as many readings."""
        await self._call(START_SECONDS, work.ready)
        with suppress(Hung):  # which plugin it is that hangs is found out when it is called
            await self._call(self._timeout, work.load, [*self._processors, *self._learners])

    async def process(self, reading: Reading) -> Seen:
        """What all processors see, and a failure for each that raised or hung. Never raises on their account."""
        allowance = self._timeout + SECONDS_PER_MEGABYTE * len(reading.spans) / 1_000_000
        plugins = self._active(self._processors)
        try:
            seen = await self._call(allowance, work.process, plugins, reading)
        except Hung:
            seen = await self._process_one_by_one(allowance, plugins, reading)
        self._report(seen.failures)
        return seen

    async def learn(self, trace_id: str, signals: Sequence[Signal], context: Context) -> Sequence[ContextUpdate]:
        """What all learners make of the signals of one trace."""
        plugins = self._active(self._learners)
        try:
            learned = await self._call(self._timeout, work.learn, plugins, trace_id, signals, context)
        except Hung:
            learned = await self._learn_one_by_one(plugins, trace_id, signals, context)
        self._report(learned.failures)
        return learned.updates

    async def close(self) -> None:
        """Return once the worker has ended; what it was doing is dropped."""
        self._closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates its arguments only
        await asyncio.to_thread(self._pool.join)

    async def _process_one_by_one(self, allowance: float, plugins: Sequence[Plugin], reading: Reading) -> Seen:
        # Without plugins first: the traces count as read even if every processor hangs.
        seen = await self._call(allowance, work.process, [], reading)
        for plugin in plugins:
            try:
                seen = seen.merge(await self._call(allowance, work.process, [plugin], reading))
            except Hung:
                seen = seen.merge(await self._process_trace_by_trace(allowance, plugin, reading, list(seen.sizes)))
        return seen

    async def _process_trace_by_trace(
        self, allowance: float, plugin: Plugin, reading: Reading, trace_ids: Sequence[str]
    ) -> Seen:
        """One trace makes `plugin` hang: the others still get what it sees in them."""
        seen = Seen()
        for trace_id in trace_ids:
            try:
                for active in self._active([plugin]):
                    seen = seen.merge(await self._call(allowance, work.process, [active], reading, trace_id))
            except Hung as hung:
                seen.failures.append(self._hang(plugin, trace_id, hung))
        return seen

    async def _learn_one_by_one(
        self, plugins: Sequence[Plugin], trace_id: str, signals: Sequence[Signal], context: Context
    ) -> Learned:
        learned = Learned([], [])
        for plugin in plugins:
            try:
                one = await self._call(self._timeout, work.learn, [plugin], trace_id, signals, context)
            except Hung as hung:
                learned.failures.append(self._hang(plugin, trace_id, hung))
            else:
                learned.updates.extend(one.updates)
                learned.failures.extend(one.failures)
        return learned

    async def _call(
        self,
        seconds: float,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        with _interrupts_held_back():
            if not self._closed and not self._pool.active:  # its worker was killed while it had nothing to do
                self._pool = _pool()
            future = self._pool.schedule(function, args=list(args), kwargs=kwargs, timeout=seconds)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError:
            raise Hung(f"no answer within {seconds:.1f} s") from None
        except BrokenProcessPool as broken:
            raise Hung(f"the worker process is gone: {broken}") from None
        except ProcessExpired as expired:
            raise Hung(f"the worker process died with exit code {expired.exitcode}") from None

    def _active(self, plugins: Sequence[Plugin]) -> list[Plugin]:
        return [plugin for plugin in plugins if self._hangs[plugin.name] < SUSPENDED_AFTER]

    def _hang(self, plugin: Plugin, trace_id: str, hung: Hung) -> Failure:
        self._hangs[plugin.name] += 1
        if self._hangs[plugin.name] == SUSPENDED_AFTER:
            logger.error("plugin %s hung %d times and is left out from now on", plugin.name, SUSPENDED_AFTER)
        return Failure(plugin.name, trace_id, "hung", str(hung))

    def _report(self, failures: Sequence[Failure]) -> None:
        for failure in failures:
            self._metrics.plugin_failures.labels(failure.plugin, failure.reason).inc()
            if (failure.plugin, failure.message) not in self._logged:
                self._logged.add((failure.plugin, failure.message))
                logger.error(
                    "plugin %s on trace %s: %s; the next times it is only counted, in spanwise_plugin_failures",
                    *(failure.plugin, failure.trace_id, failure.message),
                )


def _pool() -> ProcessPool:
    # Spawned, not forked: the engine's threads and grpc's would not survive a fork.
    return ProcessPool(1, context=multiprocessing.get_context("spawn"))


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C reaches every process of the terminal, but the collector alone decides when its worker ends.

    The pool's threads begin within the first such block and keep its mask, as do the processes that they start. A
    handler in the worker itself would come too late for an interrupt while it starts.
    """
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
