// Claude Code without a terminal, its traces (in beta) with all the content that they can have. Its user is the id of the
// installation, otherwise a random one, and its conversation must be a UUID.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const story = JSON.parse(readFileSync(new URL("../story.json", import.meta.url)));
const conversation = "00000000-0000-4000-8000-000000000ada";
const native = `./node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`;
const weather = { command: process.execPath, args: [fileURLToPath(new URL("weather.mjs", import.meta.url))] };

writeFileSync(`${process.env.HOME}/.claude.json`, JSON.stringify({ userID: story.user.padStart(64, "0") }));
const environment = {
  ...process.env,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  CLAUDE_CODE_ENABLE_TELEMETRY: "1",
  CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "1",
  OTEL_TRACES_EXPORTER: "otlp",
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  OTEL_LOG_USER_PROMPTS: "1",
  OTEL_LOG_ASSISTANT_RESPONSES: "1",
  OTEL_LOG_TOOL_DETAILS: "1",
  OTEL_LOG_TOOL_CONTENT: "1",
  OTEL_RESOURCE_ATTRIBUTES: "os.version=unknown", // the kernel of the machine that records
};

story.turns.forEach((turn, number) => {
  const options = [
    "--print",
    turn,
    ...(number === 0 ? ["--session-id", conversation] : ["--resume", conversation]),
    ...["--model", story.model, "--system-prompt", story.instructions, "--tools", ""],
    ...["--mcp-config", JSON.stringify({ mcpServers: { weather } }), "--strict-mcp-config"],
    ...["--allowedTools", "mcp__weather__get_weather"],
  ];
  const program = fileURLToPath(new URL(native, import.meta.url));
  console.log(execFileSync(program, options, { env: environment, input: "", encoding: "utf8" }));
});
