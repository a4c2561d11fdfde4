const REASONS = {
  operation_timeout: "the bot did not respond within three seconds. Slack does not repeat this; please try again",
  user_not_in_channel: "you are not a member of this channel",
  message_not_found: "the message is not there any more",
  channel_not_found: "the channel is not there any more",
  view_not_found: "this view is not open any more",
  invalid_response_action: "the bot answered with something that Slack does not understand",
  invalid_arguments: "the bot answered with a view that Slack does not accept",
};

/** call asks the workspace and returns its answer, or throws with a reason a person can read. */
async function call(path, body) {
  const request = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/_sim/${path}`, request).then((response) => response.json()).catch(() => {
    throw new Error("the workspace does not answer (is it still running?)");
  });
  if (answer.ok || answer.errors) return answer;
  const [code] = answer.error.split(/[:;]/); // details may follow the error's name
  throw new Error(Object.hasOwn(REASONS, code) ? REASONS[code] : answer.error);
}

export const state = () => call("state");
export const messages = (channel, user) => call(`messages?${new URLSearchParams({ channel, user })}`).then((answer) => answer.messages ?? []);
export const post = (message) => call("message", message);
export const remove = (message) => call("delete", message);
export const command = (request) => call("command", request);
export const act = (press) => call("action", press);
export const react = (reaction) => call("reaction", reaction);
export const views = (user) => call(`views?${new URLSearchParams({ user })}`);
export const submit = (view) => call("submit", view);
export const close = (view) => call("close", view);
export const suggest = (query) => call("suggest", query);
export const home = (request) => call("home", request);
export const shortcut = (request) => call("shortcut", request);
export const assistant = (request) => call("assistant", request);

/**
 * listen calls onEvent for each event of the stream, onOpen whenever the stream (re)opens and
 * onLost when it breaks. The browser reconnects by itself unless the server refused; then we do.
 */
export function listen({ onOpen, onEvent, onLost }) {
  const stream = new EventSource("/_sim/stream");
  stream.onopen = onOpen;
  stream.onmessage = ({ data }) => onEvent(JSON.parse(data));
  stream.onerror = () => {
    onLost();
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => listen({ onOpen, onEvent, onLost }), 2000);
  };
}
