// The tool of the story as an MCP server on standard input and output.

import { createInterface } from "node:readline";

const tool = {
  name: "get_weather",
  description: "Get the weather in a city.",
  inputSchema: {
    type: "object",
    properties: { city: { type: "string", description: "The name of the city." } },
    required: ["city"],
  },
};

function getWeather({ city }) {
  if (city !== "Paris") return { content: [{ type: "text", text: `unknown city: ${city}` }], isError: true };
  return { content: [{ type: "text", text: "18 °C and sunny" }] };
}

const methods = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "weather", version: "1.0" },
  }),
  "tools/list": () => ({ tools: [tool] }),
  "tools/call": (params) => getWeather(params.arguments),
  ping: () => ({}),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue; // a notification
  const answer =
    method in methods
      ? { result: methods[method](params) }
      : { error: { code: -32601, message: `there is no method ${method}` } };
  console.log(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
}
