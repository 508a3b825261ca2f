-- How far processing has come, so that a crash between storing and processing loses nothing: a trace with more rows than
-- were last processed is due. Everything that was stored before the newest Horizon has been processed.
CREATE TABLE IF NOT EXISTS processed
(
    Org         LowCardinality(String) CODEC(ZSTD(1)),
    TraceId     String CODEC(ZSTD(1)),
    Spans       UInt64 CODEC(T64, ZSTD(1)),
    Horizon     DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ProcessedAt DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(ProcessedAt)
ORDER BY (Org, TraceId)
TTL toDateTime(ProcessedAt) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000;
