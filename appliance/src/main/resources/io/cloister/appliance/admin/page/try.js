// Asks a model from the page: sentences for a text model, an editable request for any other.

import { ask, element, sentence } from "./dom.js";

const EXAMPLES = [
  "The archive is closed on Mondays.",
  "You cannot visit the archive at the start of the week.",
  "Boil the potatoes for twenty minutes.",
];

export function tryForm(model) {
  const isText = model.tokens_max !== undefined;
  const id = `try-${crypto.randomUUID()}`;
  const form = element("form", {});
  const fields = isText ? sentences(form, id) : request(form, id, model);
  const button = element("button", { type: "submit" }, isText ? "Compare" : "Ask the model");
  const error = element("p", { class: "error", role: "alert" });
  const answer = element("div", { class: "answer", "aria-live": "polite" });
  form.append(error, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    error.textContent = "";
    answer.replaceChildren();
    try {
      answer.append(await (isText ? compare(model, fields) : send(model, fields)));
    } catch (failure) {
      error.textContent = sentence(failure.message, model.name);
    } finally {
      button.disabled = false;
    }
  });
  return element("div", { class: "card-part" }, element("h3", {}, "Try it"), form, answer);
}

function path(model) {
  return `/api/v2/models/${encodeURIComponent(model.name)}/versions/${encodeURIComponent(model.version)}/infer`;
}

function sentences(form, id) {
  return EXAMPLES.map((example, i) => {
    const input = element("input", { id: `${id}-${i}`, value: example, maxlength: "20000" });
    const label = element("label", { for: `${id}-${i}` }, `Sentence ${i + 1}`);
    form.append(element("div", { class: "field" }, label, input));
    return input;
  });
}

async function compare(model, fields) {
  const texts = fields.map((field) => field.value.trim()).filter((text) => text !== "");
  if (texts.length === 0) {
    throw new Error("Write at least one sentence.");
  }
  const input = { name: "text", datatype: "BYTES", shape: [texts.length], data: texts };
  const { outputs } = await ask("POST", path(model), JSON.stringify({ inputs: [input] }));
  const output = Object.fromEntries(outputs.map((tensor) => [tensor.name, tensor]));
  const width = output.embedding.shape[1];
  const vectors = texts.map((_, i) => output.embedding.data.slice(i * width, (i + 1) * width));
  return similarities(texts, vectors, output.tokens.data, output.truncated.data, model.tokens_max);
}

function similarities(texts, vectors, tokens, truncated, most) {
  const head = element("tr", {}, element("th", { scope: "col" }, "Sentence"));
  texts.forEach((_, i) => head.append(element("th", { scope: "col" }, `to ${i + 1}`)));
  head.append(element("th", { scope: "col" }, "Tokens"));
  const body = element("tbody");
  texts.forEach((text, i) => {
    const row = element("tr", {}, element("th", { scope: "row" }, `${i + 1}. ${shorten(text)}`));
    vectors.forEach((other) => row.append(element("td", {}, cosine(vectors[i], other).toFixed(2))));
    const cut = truncated[i] ? `${tokens[i]}, cut to ${most}` : String(tokens[i]);
    row.append(element("td", truncated[i] ? { class: "cut" } : {}, cut));
    body.append(row);
  });
  const caption = element("caption", {}, "Cosine similarity: 1 means the same, near 0 unrelated.");
  return element("div", { class: "scroll" }, element("table", {}, caption, element("thead", {}, head), body));
}

function cosine(a, b) {
  let dot = 0, aa = 0, bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return dot / Math.sqrt(aa * bb || 1);
}

function shorten(text) {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function request(form, id, model) {
  const area = element("textarea", { id, class: "code", spellcheck: "false" });
  area.value = example(model.inputs);
  form.append(element("div", { class: "field" }, element("label", { for: id }, "Request"), area));
  return area;
}

/** One row of zeros for every input. */
function example(inputs) {
  const tensors = inputs.map(({ name, datatype, shape }) => {
    const dims = shape.map((dim) => (dim < 0 ? 1 : dim));
    const zero = datatype === "BYTES" ? "" : datatype === "BOOL" ? false : 0;
    const count = Math.min(dims.reduce((product, dim) => product * dim, 1), 10000);
    return `    {"name": ${JSON.stringify(name)}, "datatype": "${datatype}", "shape": ${JSON.stringify(dims)},\n`
      + `     "data": ${JSON.stringify(new Array(count).fill(zero))}}`;
  });
  return `{\n  "inputs": [\n${tensors.join(",\n")}\n  ]\n}`;
}

async function send(model, area) {
  const { outputs } = await ask("POST", path(model), area.value);
  const lines = outputs.map((tensor) =>
    `${tensor.name}  ${tensor.datatype} [${tensor.shape}]\n${JSON.stringify(tensor.data)}`);
  return element("pre", { tabindex: "0", "aria-label": "Answer" }, lines.join("\n\n"));
}
