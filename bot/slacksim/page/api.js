const REASONS = {
  operation_timeout: "the bot did not respond within three seconds. Slack does not repeat this; please try again",
  user_not_in_channel: "you are not a member of this channel",
  message_not_found: "the message is not there any more",
  channel_not_found: "the channel is not there any more",
};

/** call asks the workspace and returns its answer, or throws with a reason a person can read. */
async function call(path, body) {
  const request = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/_sim/${path}`, request).then((response) => response.json()).catch(() => {
    throw new Error("the workspace does not answer (is it still running?)");
  });
  if (answer.ok) return answer;
  const [code] = answer.error.split(/[:;]/); // details may follow the error's name
  throw new Error(Object.hasOwn(REASONS, code) ? REASONS[code] : answer.error);
}

export const state = () => call("state");
export const messages = (channel, user) => call(`messages?${new URLSearchParams({ channel, user })}`).then((answer) => answer.messages ?? []);
export const post = (message) => call("message", message);
export const remove = (message) => call("delete", message);
export const command = (request) => call("command", request);
export const act = (press) => call("action", press);

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
