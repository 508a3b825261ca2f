-- Spans {first} to {first} + {count}, as agents emit them. A trace is one user turn, in the attributes of pydantic-ai: the run,
-- five model calls, a request over HTTP below each, and a tool between two of them. A model call carries the conversation so
-- far: message m of a conversation is always the same text, and ten messages make a turn. 200 traces run at a time, 5 make a
-- conversation, and 1,000 traces of others start between two of its turns. User and conversation are on the spans on which
-- applications put them, not on all. agent_spans.py puts the braces' values in and knows these numbers.
WITH
    {words} AS vocabulary,
    -- Some words are frequent, as in life, so that it compresses as prose does.
    (seed, count) -> arrayStringConcat(arrayMap(
        word -> vocabulary[1 + bitShiftRight(bitAnd(word, 2047) * bitAnd(bitShiftRight(word, 11), 2047), 11)],
        arrayMap(position -> intHash64(seed + position), range(count))), ' ') AS prose,
    (about, m) -> multiIf(
        m % 10 = 0, prose(about * 100000 + m * 1000, 20),
        m % 10 = 9, prose(about * 100000 + m * 1000, 40),
        m % 2 = 1, concat('{{"query":"', prose(about * 100000 + m * 1000, 8), '"}}'),
        concat('{{"found":"', prose(about * 100000 + m * 1000, 60), '"}}')) AS said,
    (about, m) -> concat('call_', lower(hex(sipHash64(about, intDiv(m + 1, 2))))) AS call,
    (about, m) -> multiIf(
        m % 10 = 0, concat('{{"role":"user","parts":[{{"type":"text","content":"', said(about, m), '"}}]}}'),
        m % 10 = 9, concat('{{"role":"assistant","parts":[{{"type":"text","content":"', said(about, m), '"}}]}}'),
        m % 2 = 1, concat('{{"role":"assistant","parts":[{{"type":"tool_call","id":"', call(about, m),
            '","name":"search","arguments":', said(about, m), '}}]}}'),
        concat('{{"role":"user","parts":[{{"type":"tool_call_response","id":"', call(about, m),
            '","response":', said(about, m), '}}]}}')) AS message,
    (about, from, until) -> concat('[', arrayStringConcat(arrayMap(m -> message(about, m), range(from, until)), ','), ']') AS messages
SELECT
    fromUnixTimestamp64Nano(toInt64(({start} + number / {rate}) * 1e9)) AS Timestamp,
    lower(hex(MD5(toString(trace)))) AS TraceId,
    lower(hex(sipHash64(number))) AS SpanId,
    if(place = 0, '', lower(hex(sipHash64(number - place * 200)))) AS ParentSpanId,
    multiIf(place = 0, 'invoke_agent', place % 3 = 1, concat('chat ', RequestModel), place % 3 = 2, 'POST', concat('execute_tool ', ToolName)) AS SpanName,
    if(Operation = '', 'Client', 'Internal') AS SpanKind,
    concat('agent-', toString(conversation % 10)) AS ServiceName,
    map('service.name', ServiceName, 'service.version', '1.4.2', 'host.name', concat('host-', toString(trace % 50)),
        'deployment.environment.name', 'production', 'telemetry.sdk.language', 'python',
        'telemetry.sdk.name', 'opentelemetry', 'telemetry.sdk.version', '1.44.0') AS ResourceAttributes,
    if(Operation = '', 'opentelemetry.instrumentation.httpx', 'pydantic-ai') AS ScopeName,
    '2.68.0' AS ScopeVersion,
    multiIf(
        place = 0, map('gen_ai.operation.name', Operation, 'gen_ai.agent.name', AgentName,
            'gen_ai.conversation.id', ConversationId, 'user.id', UserId,
            'app.request.id', concat('request-', toString(trace))),
        place % 3 = 1, map('gen_ai.operation.name', Operation, 'gen_ai.provider.name', Provider,
            'gen_ai.request.model', RequestModel, 'gen_ai.response.model', ResponseModel,
            'gen_ai.response.id', concat('resp_', hex(sipHash64(number, 1))), 'gen_ai.agent.name', AgentName,
            'gen_ai.usage.input_tokens', toString(InputTokens), 'gen_ai.usage.output_tokens', toString(OutputTokens),
            'gen_ai.response.finish_reasons', '["stop"]', 'gen_ai.conversation.id', ConversationId),
        place % 3 = 2, map('http.request.method', 'POST', 'server.address', 'api.example.com', 'server.port', '443',
            'url.full', 'https://api.example.com/v1/responses', 'http.response.status_code', '200'),
        map('gen_ai.operation.name', Operation, 'gen_ai.agent.name', AgentName, 'gen_ai.tool.name', ToolName,
            'gen_ai.tool.call.id', ToolCallId, 'gen_ai.tool.type', 'function')) AS SpanAttributes,
    sipHash64(number, 2) % 10000000000 AS Duration,
    if(place % 3 = 0 AND place > 0 AND sipHash64(number, 4) % 50 = 0, 'Error', 'Unset') AS StatusCode,
    if(StatusCode = 'Error', 'unknown query: use one word', '') AS StatusMessage,
    concat('org-', toString(conversation % 3)) AS Org,
    fromUnixTimestamp64Micro({stored}, 'UTC') AS StoredAt,
    reinterpretAsUInt128(MD5(toString(intDiv(number, 512)))) AS RequestHash,
    if(place = 0, concat('user-', toString(conversation % 20000)), '') AS UserId,
    if(place = 0 OR place % 3 = 1, concat('conv_', lower(hex(MD5(concat('c', toString(conversation)))))), '') AS ConversationId,
    multiIf(place = 0, 'invoke_agent', place % 3 = 1, 'chat', place % 3 = 2, '', 'execute_tool') AS Operation,
    if(Operation = '', '', ServiceName) AS AgentName,
    if(Operation = 'chat', 'openai', '') AS Provider,
    if(Operation = 'chat', concat('model-', toString(conversation % 5)), '') AS RequestModel,
    if(Operation = 'chat', concat(RequestModel, '-2026-01-15'), '') AS ResponseModel,
    if(Operation = 'chat', intDiv(length(InputMessages), 4), 0) AS InputTokens,
    if(Operation = 'chat', intDiv(length(OutputMessages), 4), 0) AS OutputTokens,
    if(Operation = 'execute_tool', ['search', 'book', 'cancel'][1 + trace % 3], '') AS ToolName,
    if(Operation = 'execute_tool', call(conversation, next), '') AS ToolCallId,
    if(StatusCode = 'Error', 'UnknownQuery', '') AS ErrorType,
    if(Operation = 'chat', 'stop', '') AS FinishReason,
    if(Operation = 'chat', concat('[{{"type":"text","content":"', prose(conversation % 10, 40), '"}}]'), '') AS SystemInstructions,
    if(Operation = 'chat', messages(conversation, 0, next), '') AS InputMessages,
    if(Operation = 'chat', messages(conversation, next, next + 1), '') AS OutputMessages,
    if(Operation = 'execute_tool', said(conversation, next - 2), '') AS ToolArguments,
    if(Operation = 'execute_tool', said(conversation, next - 1), '') AS ToolResult
FROM
(
    SELECT
        number,
        intDiv(number, 200) % 15 AS place,
        intDiv(number, 15 * 200) * 200 + number % 200 AS trace,
        intDiv(trace, 5 * 1000) * 1000 + trace % 1000 AS conversation,
        intDiv(trace, 1000) % 5 AS turn,
        turn * 10 + intDiv(place, 3) * 2 + 1 AS next
    FROM numbers({first}, {count})
)
