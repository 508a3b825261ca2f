"""What Spanwise counts of itself, in Prometheus' terms; the first names are those of the OpenTelemetry Collector."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """One process's counters, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.accepted_spans = self._counter("otelcol_receiver_accepted_spans", "Spans acknowledged")
        self.refused_spans = self._counter("otelcol_receiver_refused_spans", "Spans refused")
        self.stored_spans = self._counter("spanwise_stored_spans", "Rows inserted")
        self.repeated_requests = self._counter("spanwise_repeated_requests", "Requests that were stored before")
        self.insert_seconds = Histogram("spanwise_insert_seconds", "Time of one insert", registry=self.registry)
        self.processed_traces = self._counter("spanwise_processed_traces", "Traces read by the processors")
        self.processing_seconds = self._counter("spanwise_processing_seconds", "CPU time of reading and plugins")
        self.waiting_traces = Gauge("spanwise_waiting_traces", "Traces to be read", registry=self.registry)
        self.plugin_failures = self._counter("spanwise_plugin_failures", "Raised or hung", "plugin", "reason")
        self.written_signals = self._counter("spanwise_written_signals", "Signals written", "kind")
        self.context_updates = self._counter("spanwise_context_updates", "Updates appended", "operation")

        self.dropped_updates = self._counter("spanwise_dropped_updates", "What the policy or a guard kept out", "why")

    def _counter(self, name: str, description: str, *labels: str) -> Counter:
        return Counter(name, description, labels, registry=self.registry)
