// An app for Slack as anybody would write it with Bolt: it knows nothing of where it runs.
const { App } = require(process.argv[2]);

const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_API_URL: slackApiUrl } = process.env;
const app = new App({ token, appToken, socketMode: true, clientOptions: { slackApiUrl } });
const plain = (text) => ({ type: "plain_text", text });

app.event("app_mention", ({ event, say }) => say({ text: `Mentioned: ${event.text}`, thread_ts: event.ts }));
app.message(({ message, say }) => say(`Direct: ${message.text}`));
app.command("/form", async ({ ack, respond }) => {
  await ack();
  await respond({ text: "A form", blocks: [{ type: "actions", elements: [{ type: "button", action_id: "open", text: plain("Open") }] }] });
});
app.action("open", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: {
    type: "modal", callback_id: "form", title: plain("Form"), submit: plain("Send"), blocks: [
      { type: "input", block_id: "reason", label: plain("Reason"), element: { type: "plain_text_input", action_id: "text" } },
      { type: "input", block_id: "fact", label: plain("Fact"), element: { type: "external_select", action_id: "fact", min_query_length: 1 } },
    ] } });
});
app.options("fact", ({ ack, payload }) => ack({ options: [{ text: plain(`About ${payload.value}`), value: payload.value }] }));
app.view("form", async ({ ack, body, view, client }) => {
  const { reason, fact } = view.state.values;
  if (reason.text.value.length < 5) return ack({ response_action: "errors", errors: { reason: "Say more" } });
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `Form: ${reason.text.value}, ${fact.fact.selected_option.value}` });
});
app.start();
