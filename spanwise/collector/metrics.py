"""What Spanwise counts of itself, in Prometheus' terms; the first names are those of the OpenTelemetry Collector."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector


def process_registry() -> CollectorRegistry:
    """What the system knows of this process: its CPU time, memory and files."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry


LATENCIES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
"""Seconds."""


class Metrics:
    """One process's counters, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.accepted_spans = self._counter("otelcol_receiver_accepted_spans", "Spans acknowledged")
        self.refused_spans = self._counter("otelcol_receiver_refused_spans", "Spans refused")
        self.stored_spans = self._counter("spanwise_stored_spans", "Rows inserted")
        self.unmapped_spans = self._counter("spanwise_unmapped_spans", "Content that no column could take", "dialect")
        self.repeated_requests = self._counter("spanwise_repeated_requests", "Requests that were stored before")
        self.insert_seconds = Histogram("spanwise_insert_seconds", "Time of one insert", registry=self.registry)
        self.seconds_to_row = self._latency("spanwise_seconds_to_row", "From a request's arrival to its rows")
        self.seconds_to_update = self._latency("spanwise_seconds_to_update", "From arrival to a context update")
        self.processed_traces = self._counter("spanwise_processed_traces", "Traces read by the processors")
        self.processing_seconds = self._counter("spanwise_processing_seconds", "CPU time of reading and plugins")
        self.plugin_failures = self._counter("spanwise_plugin_failures", "Raised or hung", "plugin", "reason")
        self.written_signals = self._counter("spanwise_written_signals", "Signals written", "kind")
        self.context_updates = self._counter("spanwise_context_updates", "Updates appended", "operation")

        self.dropped_updates = self._counter("spanwise_dropped_updates", "What the policy or a guard kept out", "why")

    def _counter(self, name: str, description: str, *labels: str) -> Counter:
        return Counter(name, description, labels, registry=self.registry)

    def _latency(self, name: str, description: str) -> Histogram:
        return Histogram(name, description, registry=self.registry, buckets=LATENCIES)


class LagGauges:
    """How far behind the consumers of this process are, by partition; what is revoked is not shown any more."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("group", "topic", "partition")
        self._records = Gauge("spanwise_lag_records", "Records not handled yet", labels, registry=registry)
        self._seconds = Gauge("spanwise_lag_seconds", "Age of the oldest of them", labels, registry=registry)

    def behind(self, group: str, topic: str, partition: int, records: int, seconds: float) -> None:
        self._records.labels(group, topic, str(partition)).set(records)
        self._seconds.labels(group, topic, str(partition)).set(seconds)

    def gone(self, group: str, topic: str, partition: int) -> None:
        for gauge in (self._records, self._seconds):
            with suppress(KeyError):  # it was not told yet
                gauge.remove(group, topic, str(partition))


class Standing(Protocol):
    """How far behind something is that follows."""

    @property
    def behind(self) -> int: ...

    @property
    def seconds_behind(self) -> float: ...


class ProcessingGauges:
    """How far behind processing is, whenever somebody looks.

    The lag of `stored` does not say it: a notice is handled once it is scheduled.
    """

    def __init__(self, registry: CollectorRegistry, processing: Standing) -> None:
        traces = Gauge("spanwise_waiting_traces", "Traces to be read", registry=registry)
        seconds = Gauge("spanwise_waiting_seconds", "Since the oldest of them was stored", registry=registry)
        traces.set_function(lambda: processing.behind)
        seconds.set_function(lambda: processing.seconds_behind)


class DeliveryGauges:
    """How far behind the downstream stores of this process are, whenever somebody looks."""

    def __init__(self, registry: CollectorRegistry, standing: Callable[[str], Standing], stores: Iterable[str]) -> None:
        updates = Gauge("spanwise_delivery_lag_updates", "Not delivered yet", ("store",), registry=registry)
        seconds = Gauge("spanwise_delivery_lag_seconds", "Age of the oldest of them", ("store",), registry=registry)
        for name in stores:
            updates.labels(name).set_function(partial(_behind, standing, name))
            seconds.labels(name).set_function(partial(_seconds_behind, standing, name))


def _behind(standing: Callable[[str], Standing], name: str) -> float:
    return standing(name).behind


def _seconds_behind(standing: Callable[[str], Standing], name: str) -> float:
    return standing(name).seconds_behind
