// The console: asks for everything at once every few seconds and shows it.

import { charts, round } from "./chart.js";
import { ask, element, fact, sentence } from "./dom.js";
import { tryForm } from "./try.js";

const REFRESH_MS = 5000;
const byId = (id) => document.getElementById(id);
const cards = new Map();
let timer;

/** Counts logouts: what was asked before a logout shows nothing after it. */
let visit = 0;

async function refresh() {
  clearTimeout(timer);
  const asked = visit;
  try {
    const overview = await ask("GET", "/api/overview");
    if (asked !== visit) {
      return;
    }
    show(overview);
    trouble("");
  } catch (failure) {
    if (asked !== visit) {
      return;
    }
    if (failure.status === 401) {
      showLogin();
      return;
    }
    health("No answer", "bad");
    trouble(`${sentence(failure.message)} This page keeps trying.`);
  }
  timer = setTimeout(refresh, REFRESH_MS);
}

function trouble(words) {
  const notice = byId("trouble");
  notice.hidden = words === "";
  if (notice.textContent !== words) {
    notice.textContent = words;
  }
}

function health(words, kind) {
  const badge = byId("health");
  if (badge.textContent !== words) {
    badge.textContent = words;
    badge.className = `badge ${kind}`;
  }
}

function showLogin() {
  cards.clear();
  byId("models").replaceChildren();
  byId("console").hidden = true;
  byId("logout").hidden = true;
  byId("login").hidden = false;
  trouble("");
  health("", "");
  byId("token").focus();
}

function show(overview) {
  byId("login").hidden = true;
  byId("console").hidden = false;
  byId("logout").hidden = false;
  const busy = overview.models.some((model) => model.state === "loading") || overview.wanted_generation > overview.generation && !overview.refused;
  health(...(overview.ready ? ["Ready", "good"] : busy ? ["Starting", "wait"] : ["Not ready", "bad"]));
  showInstalled(overview);
  showModels(overview.models);
}

function showInstalled(overview) {
  const { runtime } = overview;
  const facts = [fact("Release", runtime ? `${runtime.version} (${runtime.platform})` : overview.release)];
  if (runtime) {
    facts.push(fact("Installed", time(overview.installed_at)), fact("Signed", time(runtime.provenance.signed_at)));
  }
  facts.push(
    fact("Running since", time(overview.started_at)),
    fact("Inference listens on", overview.listeners.inference),
    fact("Console listens on", overview.listeners.console));
  if (runtime) {
    facts.push(fact("Signed by key", keys(runtime.provenance), "wide"));
  }
  facts.push(fact("Certificate, SHA-256", mono(overview.certificate_sha256), "wide"));
  facts.push(fact("Files hashed again", scrubbed(overview.scrub)));
  byId("installed").replaceChildren(...facts);
  showChangedFiles(overview.scrub);
  const { refused } = overview;
  byId("refused").hidden = !refused;
  byId("refused").textContent = refused
    ? sentence(`The newest deployment was not switched to${refused.model ? `, because of ${refused.model} ${refused.version}` : ""}: ${refused.reason}`)
    : "";
}

function scrubbed(scrub) {
  const idle = scrub.hours === 0 ? "never, as set" : "not yet since its start";
  const last = scrub.last_pass_at ? time(scrub.last_pass_at) : scrub.running ? "now" : idle;
  return scrub.failed_at ? `${last}; the newest pass failed ${time(scrub.failed_at)}: ${scrub.failure}` : last;
}

function showChangedFiles({ fault_count: count, faults }) {
  byId("changed").hidden = count === 0;
  byId("changed").textContent = count === 0 ? "" :
    `${count === 1 ? "An installed file was" : `${count} installed files were`} changed: ` +
    faults.map((fault) => `${fault.package}, ${fault.file} from byte ${fault.offset}`).join("; ") +
    (count > faults.length ? "; …" : "") + ". To put that right, run: cloister repair";
}

/** What the model showed on this machine before it served. */
function accepted({ at, rows, rows_failed: failed, median_ms: median, accuracy }) {
  const share = accuracy ? `, ${accuracy.right} of ${accuracy.labels} labels right` : "";
  return `${time(at)}: ${rows - failed} of ${rows} golden rows${median === null ? "" : `, median ${round(median)} ms`}${share}`;
}

/** Whose settings it runs with, and what those gained that were measured on this machine. */
function settings({ words, tuned_at: tuned, gain, unused }) {
  const times = (value) => `× ${value.toFixed(2)}`;
  const gained = gain
    ? `; processor time ${times(gain.cpu_ratio)}, answers a second ${times(gain.rate_ratio)}, time of one alone ${times(gain.alone_ratio)}`
    : "";
  const from = tuned ? `tuned on this machine ${time(tuned)}` : "the package's own";
  return `${from}: ${words}${gained}${unused ? `. It was tuned here, and that is not used: ${unused}` : ""}`;
}

function showModels(models) {
  const wanted = models.map((model) => JSON.stringify([model.name, model.version]));
  for (const [key, card] of cards) {
    if (!wanted.includes(key)) {
      card.node.remove();
      cards.delete(key);
    }
  }
  models.forEach((model, i) => {
    if (!cards.has(wanted[i])) {
      cards.set(wanted[i], newCard(model));
      byId("models").append(cards.get(wanted[i]).node);
    }
    update(cards.get(wanted[i]), model);
  });
  if (models.length === 0) {
    byId("models").replaceChildren(element("p", { class: "hint" }, "No model is installed."));
  } else {
    byId("models").querySelector(":scope > .hint")?.remove();
  }
}

function newCard(model) {
  const state = element("span", { class: "badge" });
  const head = element("div", { class: "card-head" },
    element("h2", {}, model.name), element("span", { class: "version" }, model.version), state);
  const live = element("div");
  const node = element("article", { class: "card" }, head, live);
  return { node, state, live, form: null };
}

function update(card, model) {
  const kind = { ready: "good", loading: "wait", failed: "bad", unloaded: "wait" }[model.state];
  card.state.textContent = { ready: "Serving", loading: "Loading", failed: "Failed", unloaded: "Unloaded" }[model.state];
  card.state.className = `badge ${kind}`;
  card.live.replaceChildren(...live(model));
  if (!card.form && model.inputs && model.active) {
    card.form = tryForm(model);
    card.node.append(card.form);
  }
}

function live(model) {
  const parts = [];
  if (model.description) {
    parts.push(element("p", { class: "description" }, model.description));
  }
  if (model.reason) {
    const ended = model.state === "failed" || model.state === "unloaded";
    const words = ended ? model.reason : `Its process ended and ${model.state === "ready" ? "was" : "is being"} started again: ${model.reason}`;
    parts.push(element("p", { class: "reason" }, sentence(words, model.name)));
  }
  if (model.recent_latency_ms) {
    parts.push(element("div", { class: "card-part" }, numbers(model), charts(model.recent)));
  }
  const provenance = element("dl", { class: "facts" },
    fact("Signed", time(model.provenance.signed_at)),
    fact("In use", model.active ? "yes, requests go to this version" : "no, requests do not go to this version"),
    fact("Its process", model.pid === null ? "not running" : `running (PID ${model.pid})`),
    ...(model.acceptance ? [fact("Accepted here", accepted(model.acceptance), "wide")] : []),
    ...(model.settings ? [fact("Settings", settings(model.settings), "wide")] : []),
    fact("Signed by key", keys(model.provenance), "wide"),
    fact("Manifest, SHA-256", mono(model.manifest_sha256), "wide"));
  parts.push(element("div", { class: "card-part" }, provenance));
  return parts;
}

function numbers(model) {
  const failed = Object.values(model.failures).reduce((sum, count) => sum + count, 0);
  const { count, p50, p99 } = model.recent_latency_ms;
  const millis = (value) => (count > 0 ? `${round(value)} ms` : "–");
  return element("dl", { class: "facts numbers" },
    number("Requests", String(model.requests), "since its start"),
    number("Failed", String(failed), "since its start"),
    number("Restarts", String(model.restarts), "since its start"),
    number("Waiting", String(model.queue), "now"),
    number("Median time", millis(p50), "last 15 minutes"),
    number("99% within", millis(p99), "last 15 minutes"));
}

/** A number, and over which time it counts. */
function number(label, value, over) {
  const node = fact(label, value);
  node.append(element("dd", { class: "over" }, over));
  return node;
}

function keys(provenance) {
  return mono(provenance.keyids.join(", "));
}

function mono(text) {
  return element("span", { class: "mono" }, text);
}

function time(iso) {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

byId("login-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const error = byId("login-error");
  error.textContent = "";
  try {
    await ask("POST", "/api/session", JSON.stringify({ token: byId("token").value }));
    byId("token").value = "";
    await refresh();
    byId("main").focus();
  } catch (failure) {
    error.textContent = sentence(failure.message);
  }
});

byId("logout").addEventListener("click", async () => {
  clearTimeout(timer);
  visit += 1;
  try {
    await ask("DELETE", "/api/session");
    showLogin();
  } catch (failure) {
    if (failure.status === 401) {
      showLogin();
      return;
    }
    trouble(`You are still logged in. ${sentence(failure.message)}`);
    timer = setTimeout(refresh, REFRESH_MS);
  }
});

refresh();
