# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "langchain==1.4.7",
#     "langchain-openai==1.7.3",
#     "openinference-instrumentation-langchain==0.1.80",
#     "opentelemetry-exporter-otlp-proto-http==1.45.0",
#     "opentelemetry-sdk==1.45.0",
# ]
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///
"""A LangChain agent on LangGraph, instrumented by OpenInference; the tool's exception becomes a tool message."""

from langchain.agents import create_agent
from langchain.agents.middleware import wrap_tool_call
from langchain.tools import tool
from langchain_core.messages import ToolMessage
from langchain_openai import ChatOpenAI
from openinference.instrumentation import using_attributes
from openinference.instrumentation.langchain import LangChainInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from story import AGENT, CONVERSATION, INSTRUCTIONS, MODEL, TURNS, USER, get_weather

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
LangChainInstrumentor().instrument(tracer_provider=provider)


@wrap_tool_call
def tell_the_model(request, handler):
    try:
        return handler(request)
    except ValueError as error:
        return ToolMessage(str(error), tool_call_id=request.tool_call["id"], status="error")


agent = create_agent(
    ChatOpenAI(model=MODEL),
    [tool(get_weather)],
    system_prompt=INSTRUCTIONS,
    middleware=[tell_the_model],
    name=AGENT,
)
messages = []
for turn in TURNS:
    messages.append({"role": "user", "content": turn})
    with using_attributes(session_id=CONVERSATION, user_id=USER):
        messages = agent.invoke({"messages": messages})["messages"]
    print(messages[-1].content)

provider.shutdown()
