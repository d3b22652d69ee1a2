// Server-sent events from a fetch: whole events only, the half line waits for its other half.

/** The events of a response, each as { name, data }, data parsed from JSON. */
export async function* events(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  while (true) {
    const { value, done } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    // A lone CR at the end may be half of a CRLF: it waits too.
    const blocks = rest.replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop();
    yield* blocks.map(parse).filter((event) => event.data !== undefined);
    if (done) return;
  }
}

const parse = (block) => {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/.exec(line);
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return { name, data: data.length ? JSON.parse(data.join("\n")) : undefined };
};
