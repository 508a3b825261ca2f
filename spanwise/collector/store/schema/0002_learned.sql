-- What was seen. A signal is written once; it is written again, and replaced, only when more became known of it (its scope).
CREATE TABLE IF NOT EXISTS signals
(
    Id             String CODEC(ZSTD(1)),
    Kind           LowCardinality(String) CODEC(ZSTD(1)),
    Org            LowCardinality(String) CODEC(ZSTD(1)),
    AgentName      LowCardinality(String) CODEC(ZSTD(1)),
    UserId         String CODEC(ZSTD(1)),
    ConversationId String CODEC(ZSTD(1)),
    TraceId        String CODEC(ZSTD(1)),
    SpanId         String CODEC(ZSTD(1)),
    Quote          String CODEC(ZSTD(1)),
    SaidAt         DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    SaidBy         LowCardinality(String) CODEC(ZSTD(1)),
    Confidence     Float32 CODEC(ZSTD(1)),
    Detector       LowCardinality(String) CODEC(ZSTD(1)),
    Version        LowCardinality(String) CODEC(ZSTD(1)),
    Details        Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    SeenAt         DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(SeenAt)
ORDER BY (Org, Id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- What should change: append-only, the audit trail.
CREATE TABLE IF NOT EXISTS context_updates
(
    Position       UInt64 CODEC(Delta(8), ZSTD(1)),
    Id             String CODEC(ZSTD(1)),
    Operation      LowCardinality(String) CODEC(ZSTD(1)),
    RecordId       String CODEC(ZSTD(1)),
    Kind           LowCardinality(String) CODEC(ZSTD(1)),
    Org            LowCardinality(String) CODEC(ZSTD(1)),
    AgentName      LowCardinality(String) CODEC(ZSTD(1)),
    UserId         String CODEC(ZSTD(1)),
    Content        String CODEC(ZSTD(1)),
    Status         LowCardinality(String) CODEC(ZSTD(1)),
    Intent         LowCardinality(String) CODEC(ZSTD(1)),
    Mode           LowCardinality(String) CODEC(ZSTD(1)),
    Confidence     Float32 CODEC(ZSTD(1)),
    Evidence       String CODEC(ZSTD(1)),
    Producer       LowCardinality(String) CODEC(ZSTD(1)),
    Version        LowCardinality(String) CODEC(ZSTD(1)),
    Reason         String CODEC(ZSTD(1)),
    Subject        String CODEC(ZSTD(1)),
    SupersededBy   String CODEC(ZSTD(1)),
    Granted        LowCardinality(String) CODEC(ZSTD(1)),
    Policy         LowCardinality(String) CODEC(ZSTD(1)),
    NeedsUsers     UInt16 CODEC(ZSTD(1)),
    NeedsConversations UInt16 CODEC(ZSTD(1)),
    ValidFrom      DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    At             DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),

    INDEX by_record RecordId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_position Position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
-- What agents ask for is the records of one user and of everybody: two or three ranges, however many users there are.
ORDER BY (Org, UserId, AgentName, Position)
-- A user has tens of updates, so the usual 8192 rows a granule would be read for nothing: 2.5 times the CPU of Get.
SETTINGS index_granularity = 256, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The current records, for analysts: the newest update of each decides.
CREATE VIEW IF NOT EXISTS context AS
SELECT
    RecordId,
    argMax(Kind, Position) AS Kind,
    argMax(Org, Position) AS Org,
    argMax(AgentName, Position) AS AgentName,
    argMax(UserId, Position) AS UserId,
    argMaxIf(Content, Position, Operation != 'retract') AS Content,
    argMax(Status, Position) AS Status,
    argMax(Intent, Position) AS Intent,
    min(At) AS Created,
    max(At) AS Changed
FROM context_updates
GROUP BY RecordId;

-- What users said may be learned from them; the newest word of each holds.
CREATE TABLE IF NOT EXISTS consents
(
    Org     LowCardinality(String) CODEC(ZSTD(1)),
    UserId  String CODEC(ZSTD(1)),
    Consent LowCardinality(String) CODEC(ZSTD(1)),
    By      String CODEC(ZSTD(1)),
    At      DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(At)
ORDER BY (Org, UserId)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What was erased, so that no repetition of old data brings it back: ids of traces and records, and of evidence a digest.
CREATE TABLE IF NOT EXISTS erased
(
    Org      LowCardinality(String) CODEC(ZSTD(1)),
    What     LowCardinality(String) CODEC(ZSTD(1)),
    Id       String CODEC(ZSTD(1)),
    Receipt  String CODEC(ZSTD(1)),
    At       DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(At)
ORDER BY (What, Org, Id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What was erased for whom and when, to verify what somebody shows as a receipt.
CREATE TABLE IF NOT EXISTS receipts
(
    Id     String CODEC(ZSTD(1)),
    Org    LowCardinality(String) CODEC(ZSTD(1)),
    Digest String CODEC(ZSTD(1)),
    At     DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(At)
ORDER BY (Org, Id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
