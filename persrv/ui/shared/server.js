// The server's functions: each is a call to the component that Gradio serves it for.

/** Gradio keeps a state for each session. The page has none on the server, so all visitors share one that stays empty. */
const SESSION = "page";

/**
 * Make an object with the functions of a component; each takes a request, and rejects where no answer comes.
 *
 * @param {{ component: number, functions: string[] }} served
 * @returns {any}
 */
export function createServer({ component, functions }) {
  return Object.fromEntries(functions.map((name) => [name, (/** @type {unknown} */ request) => call(component, name, request)]));
}

/**
 * @param {number} component
 * @param {string} name
 * @param {unknown} request
 */
async function call(component, name, request) {
  const { root = "", api_prefix: prefix = "" } = window.gradio_config ?? {};
  const answer = await fetch(`${new URL(root || "/", window.location.href).pathname.replace(/\/$/, "")}${prefix}/component_server/`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ data: request, component_id: component, fn_name: name, session_hash: SESSION }),
  });
  if (!answer.ok) throw new Error(`${name} answers ${answer.status}`);
  return answer.json();
}
