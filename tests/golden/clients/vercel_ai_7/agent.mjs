// Version 7 of the Vercel AI SDK, whose telemetry follows the conventions; the user and the session are in its context.

import { readFileSync } from "node:fs";
import { openai } from "@ai-sdk/openai";
import { OpenTelemetry } from "@ai-sdk/otel";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { generateText, registerTelemetry, stepCountIs, tool } from "ai";
import { z } from "zod";

const story = JSON.parse(readFileSync(new URL("../story.json", import.meta.url)));
const client = process.env.OTEL_SERVICE_NAME;
const conversation = `${client}-conversation`;

const provider = new NodeTracerProvider({
  resource: defaultResource().merge(resourceFromAttributes({ "service.name": client })),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();
registerTelemetry(new OpenTelemetry({ runtimeContext: true }));

const getWeather = tool({
  description: "Get the weather in a city.",
  inputSchema: z.object({ city: z.string().describe("The name of the city.") }),
  execute: async ({ city }) => {
    if (city !== "Paris") throw new Error(`unknown city: ${city}`);
    return "18 °C and sunny";
  },
});

const messages = [];
for (const turn of story.turns) {
  messages.push({ role: "user", content: turn });
  const result = await generateText({
    model: openai.chat(story.model),
    instructions: story.instructions,
    messages,
    tools: { get_weather: getWeather },
    stopWhen: stepCountIs(5),
    runtimeContext: { userId: story.user, sessionId: conversation },
    telemetry: { functionId: story.agent, includeRuntimeContext: { userId: true, sessionId: true } },
  });
  messages.push(...result.response.messages);
  console.log(result.text);
}

await provider.shutdown();
