"""What an analyst should get of each client's traces.

The defaults of `Story` are the story as it was told. What differs is what the client says in its own way or does not
say at all, with the reason beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.golden import CLIENTS
from tests.golden.fake_models import (
    ACKNOWLEDGED,
    ANSWERED,
    CACHED_TOKENS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    REASONING_TOKENS,
    RESPONSE_MODEL,
)

TOLD = json.loads((CLIENTS / "story.json").read_text())
REMEMBER, ASK = TOLD["turns"]
INSTRUCTIONS: str = TOLD["instructions"]
UNKNOWN = "unknown city: Pari"
WEATHER = "18 °C and sunny"
MISSPELT, CORRECTED = '{"city": "Pari"}', '{"city": "Paris"}'


@dataclass(frozen=True, slots=True)
class ModelCall:
    """The columns of a model's span."""

    operation: str
    agent: str
    provider: str
    request_model: str
    response_model: str
    tokens: tuple[int, int, int, int]
    """Input, output, cached, reasoning."""
    conversation: str
    user: str
    finish_reason: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The columns of a tool's span. Arguments are compared as JSON, if they are."""

    name: str
    call_id: str
    arguments: str
    result: str
    error_type: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Story:
    """`heard` and `said` have a line for each part of a message; what follows an ellipsis does not matter."""

    client: str
    operation: str = "chat"
    agent: str = TOLD["agent"]
    """Of the model's spans."""
    provider: str = "openai"
    request_model: str = TOLD["model"]
    response_model: str = RESPONSE_MODEL
    tokens: tuple[int, int, int, int] = (INPUT_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, REASONING_TOKENS)
    finish_reasons: Sequence[str] = ("stop", "tool_calls", "tool_calls", "stop")
    conversation: str = ""
    """Empty: it is named after the client."""
    user: str = TOLD["user"]
    says_whose: bool = True
    """False: the model's spans name neither conversation nor user."""
    tool: str = "get_weather"
    call_ids: tuple[str, str] = ("call_misspelt", "call_corrected")
    arguments: tuple[str, str] = (MISSPELT, CORRECTED)
    results: tuple[str, str] = ("", WEATHER)
    error_type: str = "ValueError"
    tool_fails: bool = True
    """False: the status of the tool's span does not tell that it failed."""
    system: str = INSTRUCTIONS
    system_among_messages: bool = True
    """True: the instructions are the first message; the conventions' own column is for instructions apart from them."""
    answers: tuple[str, str] = (UNKNOWN, WEATHER)
    """What the model was told of the two calls."""
    heard: Sequence[str] | None = None
    said: Sequence[str] | None = None
    learned_of: tuple[str, str] = (TOLD["agent"], TOLD["user"])
    """The agent and the user that the signals are about."""
    quote: str = REMEMBER
    error: str = UNKNOWN
    recovered: bool = True
    """False: the arguments, whose difference is the lesson, are not exported."""

    @property
    def conversation_id(self) -> str:
        return self.conversation or f"{self.client}-conversation"

    @property
    def model_calls(self) -> Sequence[ModelCall]:
        models = (self.request_model, self.response_model)
        whose = (self.conversation_id, self.user) if self.says_whose else ("", "")
        return [
            ModelCall(self.operation, self.agent, self.provider, *models, self.tokens, *whose, reason)
            for reason in self.finish_reasons
        ]

    @property
    def tool_calls(self) -> Sequence[ToolCall]:
        failed, mended = zip(self.call_ids, self.arguments, self.results, strict=True)
        return [
            ToolCall(self.tool, *failed, self.error_type, self.tool_fails),
            ToolCall(self.tool, *mended, "", failed=False),
        ]

    @property
    def last_heard(self) -> Sequence[str]:
        """What the model was given for its last answer."""
        if self.heard is not None:
            return self.heard
        return (
            *([f"system: {self.system}"] if self.system_among_messages else []),
            f"user: {REMEMBER}",
            f"assistant: {ACKNOWLEDGED.text}",
            f"user: {ASK}",
            f"call_misspelt: get_weather({MISSPELT})",
            f"call_misspelt gave {self.answers[0]}",
            f"call_corrected: get_weather({CORRECTED})",
            f"call_corrected gave {self.answers[1]}",
        )

    @property
    def all_said(self) -> Sequence[str]:
        """What the model answered, call by call."""
        if self.said is not None:
            return self.said
        return (
            f"assistant: {ACKNOWLEDGED.text}",
            f"call_misspelt: get_weather({MISSPELT})",
            f"call_corrected: get_weather({CORRECTED})",
            f"assistant: {ANSWERED.text}",
        )


OPENINFERENCE: Mapping[str, Any] = {"request_model": RESPONSE_MODEL, "response_model": ""}
"""It has one name for the model, and its instrumentations put there what answered."""

ADK_RESULTS = ('{"error": "unknown city: Pari"}', '{"weather": "18 °C and sunny"}')
GEMINI: Mapping[str, Any] = {
    "operation": "generate_content",
    "finish_reasons": ("stop", "stop", "stop", "stop"),  # Gemini's for calls, too
    "user": "",  # not exported
    "system": f'{INSTRUCTIONS}\n\nYou are an agent. Your internal name is "weather_agent".',
    "system_among_messages": False,
    "results": ADK_RESULTS,  # its tools give objects
    "answers": ADK_RESULTS,
    "error_type": "TOOL_ERROR",
    "learned_of": (TOLD["agent"], ""),
}
STRANDS: Mapping[str, Any] = {
    "agent": "",  # on the span of the agent
    "provider": "strands-agents",
    "response_model": "",
    "tokens": (INPUT_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, 0),
    "finish_reasons": ("end_turn", "tool_use", "tool_use", "end_turn"),  # as Bedrock says it
    "system_among_messages": False,
    "answers": (f"Error: {UNKNOWN}", WEATHER),
}
TASK = (
    "\nCurrent Task: {}\n\nThis is the expected criteria for your final answer: An answer.\n"
    "you MUST return the actual complete content as the final answer, not a summary."
)
LLAMA_INDEX_OUTPUT = json.dumps(
    {
        "blocks": [{"text": WEATHER}],
        "tool_name": "get_weather",
        "raw_input": {"args": [], "kwargs": {"city": "Paris"}},
        "raw_output": WEATHER,
        "is_error": False,
    }
)
SMOLAGENTS_HEARD = (  # it tells the model in texts what it called, and what of
    "system: You are an expert assistant who can solve any task using tool calls.…",
    f"user: New task:\n{REMEMBER}",
    "assistant: Calling tools:\n[{'id': 'call_acknowledged', …",
    f"tool: Observation:\n{ACKNOWLEDGED.text}",
    f"user: New task:\n{ASK}",
    f"tool: Error:\nError executing tool 'get_weather' with arguments {{'city': 'Pari'}}: ValueError: {UNKNOWN}\n…",
    "assistant: Calling tools:\n[{'id': 'call_corrected', …",
    f"tool: Observation:\n{WEATHER}",
)

STORIES = (
    Story(
        "claude_code",
        agent="",  # it does not call itself one
        provider="anthropic",
        response_model="",
        tokens=(INPUT_TOKENS - CACHED_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, 0),  # as Anthropic counts
        finish_reasons=("end_turn", "tool_use", "tool_use", "end_turn"),
        conversation="00000000-0000-4000-8000-000000000ada",
        user="ada".zfill(64),  # the id of the installation
        arguments=("", ""),  # only those of its own tools
        error_type="",  # the failure is on a span within
        tool_fails=False,
        heard=(),  # the prompt is on the span of the turn
        said=(),
        learned_of=("claude_code", "ada".zfill(64)),
        recovered=False,
    ),
    Story(
        "crewai_openinference",
        **OPENINFERENCE,
        agent="",  # of the model's spans, which OpenAI's instrumentation makes
        call_ids=("", ""),
        heard=(
            f"system: You are weather_agent. {INSTRUCTIONS}…",
            f"user: {TASK.format(ASK)}",  # a crew has no memory of the turn before
            f"call_misspelt: get_weather({MISSPELT})",
            f"call_misspelt gave Error executing tool: {UNKNOWN}",
            f"call_corrected: get_weather({CORRECTED})",
            f"call_corrected gave {WEATHER}",
        ),
        quote=f"Current Task: {REMEMBER}",
    ),
    Story(
        "google_adk",
        **GEMINI,
        provider="gcp.gemini",
        response_model="",  # not exported
    ),
    Story(
        "google_adk_legacy",
        **GEMINI,
        provider="gemini",
        response_model="",
    ),
    Story(
        "langchain_openinference",
        **OPENINFERENCE,
        call_ids=("", "call_corrected"),  # the id is in the tool's message, and the failed call gave none
        arguments=("Pari", "Paris"),  # the value of a single argument
    ),
    Story(
        "langfuse_sdk",
        agent="",  # an agent and a tool are named by their spans only
        tool="",
        provider="",
        request_model=RESPONSE_MODEL,  # the one name that it has
        response_model="",
        finish_reasons=("", "", "", ""),
        call_ids=("", ""),
        error_type="",
        answers=(f"Error: {UNKNOWN}", WEATHER),
        learned_of=("langfuse_sdk", "ada"),
    ),
    Story(
        "llama_index_openinference",
        agent="",
        response_model="",
        call_ids=("", ""),
        results=("", LLAMA_INDEX_OUTPUT),
        learned_of=("llama_index_openinference", "ada"),
    ),
    Story(
        "openai_agents_openinference",
        **OPENINFERENCE,
        agent="",  # on the span of the agent
        finish_reasons=("stop", "stop", "stop", "stop"),  # the responses API has no reason but completed
        call_ids=("", ""),
        results=(UNKNOWN, WEATHER),
        error_type="",
        error=f"Error running tool (non-fatal): {{'tool_name': 'get_weather', 'error': '{UNKNOWN}'}}",
    ),
    Story(
        "openai_genai",
        agent="",  # the instrumentation of a model's client knows nothing of agents and conversations
        says_whose=False,
        answers=(f"Error: {UNKNOWN}", WEATHER),
    ),
    Story(
        "pydantic_ai_slim",
        user="",  # on the span around
        finish_reasons=("stop", "tool_call", "tool_call", "stop"),
        results=(UNKNOWN, WEATHER),
        error_type="pydantic_ai.exceptions.ToolRetryError",
        system_among_messages=False,
    ),
    Story(
        "smolagents_openinference",
        agent="",
        response_model="",
        tokens=(INPUT_TOKENS, OUTPUT_TOKENS, 0, 0),  # no others are exported
        finish_reasons=("", "", "", ""),
        call_ids=("", ""),
        heard=SMOLAGENTS_HEARD,
        said=(
            f'call_acknowledged: final_answer({{"answer": "{ACKNOWLEDGED.text}"}})',
            f"call_misspelt: get_weather({MISSPELT})",
            f"call_corrected: get_weather({CORRECTED})",
            f'call_answered: final_answer({{"answer": "{ANSWERED.text}"}})',
        ),
        learned_of=("smolagents_openinference", "ada"),
    ),
    Story(
        "strands_agents",
        **STRANDS,
        results=(f"Error: {UNKNOWN}", WEATHER),
    ),
    Story(
        "strands_agents_genai",
        **STRANDS,
        results=("", json.dumps([{"text": WEATHER}], ensure_ascii=False)),  # the failed one is in a message only
    ),
    Story(
        "traceloop_sdk",
        finish_reasons=("stop", "tool_call", "tool_call", "stop"),
        call_ids=("", ""),
        answers=(f"Error: {UNKNOWN}", WEATHER),
    ),
    Story(
        "traceloop_sdk_legacy",
        agent="",  # an entity, like workflows and tasks
        provider="OpenAI",
        tokens=(INPUT_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, 0),
        call_ids=("", ""),
        answers=(f"Error: {UNKNOWN}", WEATHER),
        learned_of=("traceloop_sdk_legacy", "ada"),
    ),
    Story(
        "vercel_ai",
        provider="openai.chat",
        finish_reasons=("stop", "tool-calls", "tool-calls", "stop"),
        error_type="Error",
    ),
    Story(
        "vercel_ai_7",
        agent="",  # on the span of the agent, as whose it is
        says_whose=False,
        tokens=(INPUT_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, 0),
        finish_reasons=("stop", "tool-calls", "tool-calls", "stop"),
        results=("", json.dumps(WEATHER, ensure_ascii=False)),
        error_type="Error",
        system_among_messages=False,
        answers=(f"Error: {UNKNOWN}", WEATHER),
    ),
)
