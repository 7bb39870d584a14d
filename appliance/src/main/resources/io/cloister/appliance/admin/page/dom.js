// Builds elements from data. Text only ever becomes text nodes: nothing that comes from a model
// package or a request is parsed as HTML.

export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function fact(label, value, kind = "") {
  return element("div", { class: kind }, element("dt", {}, label), element("dd", {}, value));
}

/**
 * The appliance's words, written for programs and logs, as a sentence for a person. What begins with
 * the name of the model or of a setting keeps its first letter.
 */
export function sentence(words, model) {
  const named = model !== undefined && words.startsWith(`${model} `);
  const begun = named ? words : words.replace(/^[a-z]+(?=[\s,:;]|$)/, (word) => word[0].toUpperCase() + word.slice(1));
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

/**
 * Asks the appliance; answers its JSON, or throws an Error with its words and the status. There is no
 * status when nothing answers.
 */
export async function ask(method, path, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  let response;
  let answer;
  try {
    response = await fetch(path, { method, headers, body });
    answer = await response.json();
  } catch {
    throw new Error("The appliance does not answer.");
  }
  if (!response.ok) {
    throw Object.assign(new Error(answer.error), { status: response.status });
  }
  return answer;
}
