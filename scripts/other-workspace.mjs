#!/usr/bin/env node
// Runs the bot in somebody else's Slack emulator that is running already, and
// does four things there: a mention, a direct message, the slash command and a
// button. It ends with status 1 if one has no answer or another one than here.
//
//     scripts/other-workspace.mjs local-slack http://localhost:3000
//     scripts/other-workspace.mjs slack-mock http://127.0.0.1:4040
//
// docs/workspace.md says how to start these. "footnote" is our own workspace,
// whose tokens SLACK_BOT_TOKEN and SLACK_APP_TOKEN give. FOOTNOTE may name the
// program, which is built otherwise.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [kind, base] = process.argv.slice(2);

async function call(path, body, headers = { "content-type": "application/json" }) {
  const request = body === undefined ? {} : { method: "POST", headers, body: body instanceof URLSearchParams ? body : JSON.stringify(body) };
  const response = await fetch(base + path, request);
  const answer = await response.json();
  if (!response.ok || answer.ok === false) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/**
 * emulators says of each which tokens it takes, and how to be a person in it:
 * say a text, read a channel, use the command, press what a message offers and
 * see the titles of the modals that the bot has opened.
 */
const emulators = {
  "local-slack": {
    tokens: ["xoxb-test-token", "xapp-test-token"], // of its examples/config.yaml
    async join() {
      const { apps: [app], users, channels } = await call("/_control/state");
      const user = users.find((one) => !one.is_bot).id;
      const channel = channels.find((one) => !one.is_im && one.members.includes(app.botUserId)).id;
      return {
        bot: app.botUserId, channel, direct: user, // a user stands for the direct messages with them
        say: async (to, text) => (await call("/_control/message", { channel: to, user, text })).message,
        read: async (of) => (await call(`/_control/messages/${of}`)).messages,
        command: (text) => call("/_control/command", { channel, user, command: "/ask", text }),
        press: (message, action) => call("/_control/interact", { channel, user, messageTs: message.ts, action }),
        modals: async () => (await call("/_control/log")).log.filter((one) => one.summary === "views.open").map((one) => one.detail.view.title.text),
      };
    },
  },
  "slack-mock": {
    tokens: ["xoxb-mock-bot-token", "xapp-mock-app-token"],
    async join([botToken]) {
      const { bot, users, channels } = await call("/mock/state");
      const user = users.find((one) => !one.is_bot).id;
      const channel = channels.find((one) => !one.is_im && one.members.includes(bot.userId)).id;
      const direct = (await call("/api/conversations.open", new URLSearchParams({ users: user }), { authorization: `Bearer ${botToken}` })).channel.id;
      return {
        bot: bot.userId, channel, direct,
        say: (to, text) => call("/mock/messages", { channel: to, user, text }),
        read: (of) => call(`/mock/messages?ephemeral=true&channel=${of}`),
        command: (text) => call("/mock/commands", { channel, user, command: "/ask", text }),
        press: (message, { action_id }) => call("/mock/actions", { channel, user, ts: message.ts, action_id }),
        modals: async () => (await call("/mock/api-calls?method=views.open")).filter((one) => one.ok).map((one) => one.args.view.title.text),
      };
    },
  },
  footnote: {
    tokens: [process.env.SLACK_BOT_TOKEN, process.env.SLACK_APP_TOKEN],
    async join() {
      const { bot_user: bot } = await call("/_sim/state");
      const [user, channel] = ["U0ASKER", "C0GENERAL"];
      return {
        bot, channel, direct: `@${bot}`,
        say: (to, text) => call("/_sim/message", { channel: to, user, text }),
        read: async (of) => (await call(`/_sim/messages?channel=${of}&user=${user}`)).messages,
        command: (text) => call("/_sim/command", { channel, user, command: "/ask", text }),
        press: (message, { action_id, value }) => call("/_sim/action", { channel, user, message_ts: message.ts, action_id, value }),
        modals: async () => (await call(`/_sim/views?user=${user}`)).modals.map((one) => one.title.text),
      };
    },
  },
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** until looks again and again, and returns what it sees first. */
async function until(what, look) {
  for (const end = Date.now() + 15_000; Date.now() < end; await pause(100)) {
    const seen = await look();
    if (seen) return seen;
  }
  throw new Error(`${what}: nothing within 15 s`);
}

function expect(what, text, words) {
  if (!text.includes(words)) throw new Error(`${what}: “${words}” is not in “${text}”`);
  console.log(`${what}: ${text.slice(0, 72)}…`);
}

/** start runs the bot in a directory of its own and returns how to stop it. */
async function start(dir, [SLACK_BOT_TOKEN, SLACK_APP_TOKEN]) {
  const program = process.env.FOOTNOTE || join(dir, "footnote");
  if (!process.env.FOOTNOTE) execFileSync("go", ["build", "-o", program, "./cmd/footnote"], { cwd: new URL("..", import.meta.url) });
  const env = { PATH: process.env.PATH, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL: `${base}/api/`, FOOTNOTE_ADMIN_ADDRESS: "off" };
  const bot = spawn(program, ["run"], { cwd: dir, env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  bot.stderr.on("data", (part) => { log += part; });
  const ended = new Promise((resolve) => bot.on("exit", resolve));
  const stop = async () => {
    bot.kill("SIGTERM");
    return { status: await ended, log };
  };
  await until("the bot", () => {
    if (bot.exitCode !== null) throw new Error("the bot ended");
    return log.includes("msg=connected");
  }).catch(async (error) => {
    await stop();
    throw new Error(`${error.message}\n${log}`);
  });
  return stop;
}

async function talk(w) {
  const asked = await w.say(w.channel, `<@${w.bot}> Who is leading the negotiations?`);
  const answers = async () => (await w.read(w.channel)).filter((one) => one.user === w.bot && one.thread_ts === asked.ts);
  const [answer] = await until("mention", async () => (await answers()).length && answers());
  expect("mention, in its thread", answer.text, "Andy Jassy");

  const written = await w.say(w.direct, "How much would Amazon invest?");
  const reply = await until("direct message", async () =>
    (await w.read(written.channel)).find((one) => one.user === w.bot && one.ts > written.ts && !one.thread_ts));
  expect("direct message", reply.text, "up to $50 billion");

  const before = new Set((await w.read(w.channel)).map((one) => one.ts));
  await w.command("How much severance support is there?");
  const told = await until("command", async () => (await w.read(w.channel)).find((one) => one.user === w.bot && !before.has(one.ts)));
  expect("/ask", told.text, "severance pay");

  const opened = (await w.modals()).length;
  const button = answer.blocks.flatMap((block) => (block.elements ?? []).map((one) => ({ ...one, block_id: block.block_id })))
    .find((one) => one.text?.text === "Show in article");
  await w.press(answer, button);
  const titles = await until("button", async () => (await w.modals()).length > opened && w.modals());
  expect("“Show in article”", titles.at(-1), "From the article");

  // Whoever was told of it twice has had the time to say so.
  const replies = (await answers()).length;
  if (replies !== 1) throw new Error(`the mention has ${replies} answers`);
}

if (!emulators[kind] || !base) {
  console.error(`usage: scripts/other-workspace.mjs ${Object.keys(emulators).join("|")} URL`);
  process.exit(2);
}
const dir = mkdtempSync(join(tmpdir(), "other-workspace-"));
try {
  const { tokens, join: enter } = emulators[kind];
  const stop = await start(dir, tokens);
  let fault;
  await talk(await enter(tokens)).catch((error) => { fault = error; });
  const { status, log } = await stop();
  if (fault || status !== 0) throw new Error(`${fault?.message ?? `the bot ended with ${status}`}\n${log}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true });
}
