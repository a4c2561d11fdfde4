// Asks the server that its arguments start, and prints what it gives as JSON.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [command, ...args] = process.argv.slice(2);
const client = new Client({ name: "test", version: "1" });
await client.connect(new StdioClientTransport({ command, args, env: process.env }));
const { tools } = await client.listTools(); // from here on results are held against the tools' schemas
const call = async (name, args) => (await client.callTool({ name, arguments: args })).structuredContent;
const answers = [];
for (const question of JSON.parse(process.env.QUESTIONS)) answers.push(await call("ask", { question }));
console.log(JSON.stringify({
  tools: tools.map((tool) => tool.name).sort(),
  answers,
  facts: await call("facts", { limit: 1000 }),
  sources: await call("sources", {}),
}));
await client.close();
