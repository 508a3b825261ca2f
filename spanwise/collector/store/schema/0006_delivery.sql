-- How far stores have come that cannot keep it themselves.
CREATE TABLE IF NOT EXISTS delivered
(
    Store    String CODEC(ZSTD(1)),
    Position UInt64 CODEC(Delta(8), ZSTD(1)),
    At       DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(Position)
ORDER BY Store
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Which updates a store could never take, and why; settled once they were delivered after all. Their content is in the log alone.
CREATE TABLE IF NOT EXISTS undelivered
(
    Store    LowCardinality(String) CODEC(ZSTD(1)),
    Org      LowCardinality(String) CODEC(ZSTD(1)),
    RecordId String CODEC(ZSTD(1)),
    UpdateId String CODEC(ZSTD(1)),
    Position UInt64 CODEC(Delta(8), ZSTD(1)),
    Reason   String CODEC(ZSTD(1)),
    Settled  Bool CODEC(ZSTD(1)),
    At       DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(At)
ORDER BY (Store, Position)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
