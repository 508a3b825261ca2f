"""The demo's agent: a real pydantic-ai agent with OpenTelemetry instrumentation, whose model is a function.

The model is the only thing that is not real: it needs no network, and it does what its instructions say.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from pydantic_ai import Agent, InstrumentationSettings, ModelRetry
from pydantic_ai.capabilities import Instrumentation
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    RetryPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

AGENT = "weather-desk"
TEMPERATURES = {"Geneva": 21, "Lisbon": 27}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the agent: what the user said, which tool calls were made, and what came back."""

    answer: str
    calls: Sequence[str]


def traced_run(endpoint: str, user: str, conversation: str, prompt: str, context: str) -> Run:
    """One run for `user`, with `context` (what Spanwise knows) as the agent's instructions.

    Returns once its spans are exported to `endpoint`, over OTLP/gRPC with the ordinary SDK.
    """
    provider = TracerProvider(resource=Resource.create({"service.name": "spanwise-demo"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, insecure=True)))
    calls: list[str] = []
    agent = _agent(provider, context, calls)
    with provider.get_tracer("spanwise.demo").start_as_current_span("turn", attributes={"user.id": user}):
        answer = asyncio.run(agent.run(prompt, conversation_id=conversation)).output
    provider.shutdown()
    return Run(answer, calls)


def _agent(provider: TracerProvider, context: str, calls: list[str]) -> Agent[None, str]:
    agent = Agent(
        FunctionModel(_model),
        name=AGENT,
        instructions=context or None,
        retries=3,
        capabilities=[Instrumentation(settings=InstrumentationSettings(tracer_provider=provider))],
    )

    @agent.tool_plain
    def temperature(city: str) -> str:
        """The temperature in a city, in degrees Celsius."""
        calls.append(f"temperature(city={city!r})")
        if city not in TEMPERATURES:
            raise ModelRetry(f"unknown city {city!r}")
        return str(TEMPERATURES[city])

    return agent


def _model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    """A small model's behaviour: it knows a city by its local name unless it was taught better."""
    instructions = info.instructions or ""
    last = messages[-1].parts[-1]
    answer = str(last.content) if isinstance(last, (ToolReturnPart, RetryPromptPart)) else ""
    if answer.isdigit():
        return ModelResponse(parts=[TextPart(_report(int(answer), "metric" in instructions.lower()))])
    if answer or json.dumps("Geneva") in instructions:
        return ModelResponse(parts=[ToolCallPart("temperature", {"city": "Geneva"})])
    return ModelResponse(parts=[ToolCallPart("temperature", {"city": "Genf"})])


def _report(celsius: int, metric: bool) -> str:
    return f"It is {celsius} °C in Geneva." if metric else f"It is {celsius * 9 // 5 + 32} °F in Geneva."
