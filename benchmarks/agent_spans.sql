-- Spans {first} to {first} + {count}, as agents emit them: 15 a trace, 200 traces at a time, 5 traces a conversation with
-- 1,000 traces of others between two of its turns. agent_spans.py puts the braces' values in and knows these four numbers.
SELECT
    fromUnixTimestamp64Nano(toInt64(({start} + number * {step}) * 1e9)) AS Timestamp,
    lower(hex(MD5(toString(trace)))) AS TraceId,
    lower(hex(sipHash64(number))) AS SpanId,
    if(step = 0, '', lower(hex(sipHash64(number - 200)))) AS ParentSpanId,
    'internal' AS SpanKind,
    if(step = 0, 'invoke_agent', concat(Operation, ' ', toString((trace + step) % 7))) AS SpanName,
    concat('agent-', toString(conversation % 10)) AS ServiceName,
    map('service.name', ServiceName, 'host.name', concat('host-', toString(trace % 50))) AS ResourceAttributes,
    map('server.address', 'api.example.com', 'gen_ai.response.id', hex(sipHash64(number, 1))) AS SpanAttributes,
    sipHash64(number, 2) % 10000000000 AS Duration,
    concat('org-', toString(conversation % 3)) AS Org,
    fromUnixTimestamp64Micro({stored}, 'UTC') AS StoredAt,
    reinterpretAsUInt128(MD5(toString(intDiv(number, 512)))) AS RequestHash,
    concat('user-', toString(conversation % 20000)) AS UserId,
    concat('conv_', lower(hex(MD5(concat('c', toString(conversation)))))) AS ConversationId,
    ['chat', 'execute_tool', 'POST'][1 + step % 3] AS Operation,
    ServiceName AS AgentName,
    concat('model-', toString(trace % 5)) AS RequestModel,
    sipHash64(number, 3) % 8000 AS InputTokens,
    if(step % 3 = 0, text, '') AS InputMessages,
    if(step % 3 = 0, substring(text, 600), '') AS OutputMessages,
    if(step % 3 = 1, substring(text, 200), '') AS ToolArguments,
    if(step % 3 = 1, text, '') AS ToolResult
FROM
(
    SELECT
        number,
        intDiv(number, 200) % 15 AS step,
        intDiv(number, 15 * 200) * 200 + number % 200 AS trace,
        intDiv(trace, 5 * 1000) * 1000 + trace % 1000 AS conversation,
        concat(
            substring('{prose}', 1 + sipHash64(number, 2) % 7000, if(step % 3 = 0, 700, 200)),
            randomPrintableASCII(50, number)) AS text
    FROM numbers({first}, {count})
)
