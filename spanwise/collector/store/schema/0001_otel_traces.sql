-- One row a span. The first block of columns is the OpenTelemetry Collector's, names and types unchanged; the others are ours.
--
-- An insert is one part, and a part is written whole or not at all: that is why the table is partitioned by the day on which
-- a row was stored (one per insert) and not by the day of the span (any number), and why there is no materialized view,
-- which would be written after the part and could be missing after a crash.
CREATE TABLE IF NOT EXISTS otel_traces
(
    Timestamp           DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TraceId             String CODEC(ZSTD(1)),
    SpanId              String CODEC(ZSTD(1)),
    ParentSpanId        String CODEC(ZSTD(1)),
    TraceState          String CODEC(ZSTD(1)),
    SpanName            LowCardinality(String) CODEC(ZSTD(1)),
    SpanKind            LowCardinality(String) CODEC(ZSTD(1)),
    ServiceName         LowCardinality(String) CODEC(ZSTD(1)),
    ResourceAttributes  Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeName           String CODEC(ZSTD(1)),
    ScopeVersion        String CODEC(ZSTD(1)),
    SpanAttributes      Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    Duration            UInt64 CODEC(ZSTD(1)),
    StatusCode          LowCardinality(String) CODEC(ZSTD(1)),
    StatusMessage       String CODEC(ZSTD(1)),
    Events Nested
    (
        Timestamp       DateTime64(9),
        Name            LowCardinality(String),
        Attributes      Map(LowCardinality(String), String),
        DroppedAttrCount UInt32
    ) CODEC(ZSTD(1)),
    Links Nested
    (
        TraceId         String,
        SpanId          String,
        TraceState      String,
        Attributes      Map(LowCardinality(String), String),
        DroppedAttrCount UInt32,
        TraceFlags      UInt32
    ) CODEC(ZSTD(1)),

    -- What else OTLP says of a span, named as in the Collector's tables of logs and metrics. So do the last columns of Events
    -- and Links: the Collector leaves them out.
    TraceFlags          UInt32 CODEC(ZSTD(1)),
    DroppedAttrCount    UInt32 CODEC(ZSTD(1)),
    DroppedEventsCount  UInt32 CODEC(ZSTD(1)),
    DroppedLinksCount   UInt32 CODEC(ZSTD(1)),
    ResourceSchemaUrl   String CODEC(ZSTD(1)),
    ResourceDroppedAttrCount UInt32 CODEC(ZSTD(1)),
    ScopeAttributes     Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeSchemaUrl      String CODEC(ZSTD(1)),
    ScopeDroppedAttrCount UInt32 CODEC(ZSTD(1)),

    -- Whose it is, and how it came here.
    Org                 LowCardinality(String) CODEC(ZSTD(1)),
    StoredAt            DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    RequestHash         UInt128 CODEC(ZSTD(1)),

    -- What analysts of agents ask for: copies of attributes, in types of their own.
    UserId              String CODEC(ZSTD(1)),
    ConversationId      String CODEC(ZSTD(1)),
    Operation           LowCardinality(String) CODEC(ZSTD(1)),
    AgentName           LowCardinality(String) CODEC(ZSTD(1)),
    AgentId             String CODEC(ZSTD(1)),
    AgentVersion        LowCardinality(String) CODEC(ZSTD(1)),
    Provider            LowCardinality(String) CODEC(ZSTD(1)),
    RequestModel        LowCardinality(String) CODEC(ZSTD(1)),
    ResponseModel       LowCardinality(String) CODEC(ZSTD(1)),
    InputTokens         UInt64 CODEC(T64, ZSTD(1)),
    OutputTokens        UInt64 CODEC(T64, ZSTD(1)),
    CacheReadTokens     UInt64 CODEC(T64, ZSTD(1)),
    CacheCreationTokens UInt64 CODEC(T64, ZSTD(1)),
    ReasoningTokens     UInt64 CODEC(T64, ZSTD(1)),
    ToolName            LowCardinality(String) CODEC(ZSTD(1)),
    ToolCallId          String CODEC(ZSTD(1)),
    ErrorType           LowCardinality(String) CODEC(ZSTD(1)),
    FinishReason        LowCardinality(String) CODEC(ZSTD(1)),
    EvaluationName      LowCardinality(String) CODEC(ZSTD(1)),
    EvaluationScore     Nullable(Float64) CODEC(ZSTD(1)),
    EvaluationLabel     LowCardinality(String) CODEC(ZSTD(1)),

    -- Content, taken out of SpanAttributes so that a query on a model's name does not read every prompt.
    SystemInstructions  String CODEC(ZSTD(1)),
    InputMessages       String CODEC(ZSTD(1)),
    OutputMessages      String CODEC(ZSTD(1)),
    ToolDefinitions     String CODEC(ZSTD(1)),
    ToolArguments       String CODEC(ZSTD(1)),
    ToolResult          String CODEC(ZSTD(1)),

    -- What was sent as content in other words, or could not be mapped, just as it came; and which of the six columns above hold
    -- something else than the attribute of their own name (bit 0 is SystemInstructions).
    ContentAttributes   Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ContentDerived      UInt8 CODEC(ZSTD(1)),

    -- The attributes as the client sent them.
    FullSpanAttributes  Map(LowCardinality(String), String) ALIAS mapConcat(
        SpanAttributes,
        mapFilter((key, value) -> value != '', map(
            'gen_ai.system_instructions', if(bitTest(ContentDerived, 0), '', SystemInstructions),
            'gen_ai.input.messages', if(bitTest(ContentDerived, 1), '', InputMessages),
            'gen_ai.output.messages', if(bitTest(ContentDerived, 2), '', OutputMessages),
            'gen_ai.tool.definitions', if(bitTest(ContentDerived, 3), '', ToolDefinitions),
            'gen_ai.tool.call.arguments', if(bitTest(ContentDerived, 4), '', ToolArguments),
            'gen_ai.tool.call.result', if(bitTest(ContentDerived, 5), '', ToolResult))),
        ContentAttributes),

    -- A trace is found by its id, wherever it is. So strict a filter, because a query for 100 ids asks it 100 times a granule:
    -- at 0.001 it reads 11 times as many rows. Rejected: a projection index, which in parts this small reads everything for 100
    -- ids, and which makes deleting rows unsafe. See benchmarks/lookup.py.
    INDEX by_trace TraceId TYPE bloom_filter(0.00001) GRANULARITY 1,
    INDEX by_conversation ConversationId TYPE bloom_filter(0.00001) GRANULARITY 1,
    INDEX by_user UserId TYPE bloom_filter(0.00001) GRANULARITY 1,
    -- Content is elsewhere, so that this takes 0.6 % more disk, and finds an attribute's value 20 times faster than reading all.
    INDEX by_attribute mapValues(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(StoredAt)
-- Dashboards ask for a service's last hours. Within an hour conversations lie together, so that their history, which every
-- model call repeats, compresses to nothing. Operations are told apart before that, so that a question about tools reads no
-- model call; a trace is in up to four places for it. See benchmarks/layouts.py.
ORDER BY (ServiceName, toStartOfHour(Timestamp), Operation, ConversationId, TraceId, Timestamp)
SETTINGS
    -- An eighth of the usual rows: a span is large, and of a trace or a conversation a few rows are wanted.
    index_granularity = 1024, ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1,
    non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- When a trace was. Collectors keep this as a table, and queries written for it narrow a trace to its time with it; here the
-- trace is found by its id, so nothing has to be kept.
CREATE VIEW IF NOT EXISTS otel_traces_trace_id_ts AS
SELECT TraceId, min(Timestamp) AS Start, max(Timestamp) AS End
FROM otel_traces
GROUP BY TraceId;
