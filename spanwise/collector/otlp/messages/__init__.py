"""Every dialect's messages in one form: that of the OpenTelemetry GenAI conventions.

    [{"role": "user", "parts": [{"type": "text", "content": "..."}]}, ...]

A part is a `text`, a `tool_call` (`id`, `name`, `arguments`), a `tool_call_response` (`id`, `response`), `reasoning`, a
`blob`, `file` or `uri`, or anything else with a `type` of its own. System instructions are a list of parts.

A *shape* makes of what a client sent the text of a column. It takes pairs of key and text (see `conventions.Source`),
never raises, works in proportion to what it is given, and answers with JSON, with `"[]"` if it understood the text and
there is nothing of the kind in it, or with `""` if it cannot map it.

`canonical` says what need not be mapped, and writes; `parts` reads one part of any dialect, `chat` whole messages. What
some dialects pack them into: `indexed` (one attribute a field), `events` (span events), `calls` (arguments and results
of functions), `gemini`, `vercel`, `pydantic_ai`, `langchain`, `langfuse`, `claude_code`.
"""
