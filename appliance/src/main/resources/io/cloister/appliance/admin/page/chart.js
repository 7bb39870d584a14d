// Two small charts of the recent past: load and latency.

import { element, svg } from "./dom.js";

const WIDTH = 480;
const HEIGHT = 170;
const PLOT = { left: 46, right: 472, top: 10, bottom: 136 };
const SLOT_SECONDS = 5;
const SLOTS_SHOWN = 60;
const FAILED_MIN = 2.5;
const GAP = 1.5;

export function charts(all) {
  const recent = all.slice(-SLOTS_SHOWN);
  return element("div", { class: "charts" }, load(recent), latency(recent));
}

function load(recent) {
  const rates = recent.map((slot) => slot.requests / SLOT_SECONDS);
  const scale = niceScale(Math.max(...rates, 0));
  const failures = recent.reduce((sum, slot) => sum + slot.failures, 0);
  const chart = frame(scale, "requests/s", recent.length,
    `Load: at most ${round(Math.max(...rates, 0))} requests per second, ${failures} failed`);
  const step = (PLOT.right - PLOT.left) / Math.max(recent.length, 1);
  recent.forEach((slot, i) => {
    const x = PLOT.left + i * step + step * 0.1;
    bar(chart, x, step * 0.8, scale, slot);
  });
  return figure("Load", { answered: "answered", failed: "failed" }, chart);
}

/**
 * What failed stands striped at the foot of the bar, so that it is not told by its colour alone, and
 * is never too small to see.
 */
function bar(chart, x, width, scale, slot) {
  const top = y(scale, slot.requests / SLOT_SECONDS);
  let foot = PLOT.bottom;
  if (slot.failures > 0) {
    foot = Math.min(y(scale, slot.failures / SLOT_SECONDS), PLOT.bottom - FAILED_MIN);
    const middle = x + width / 2;
    chart.append(svg("line", { x1: middle, x2: middle, y1: PLOT.bottom, y2: foot, "stroke-width": width, class: "failed" }));
    foot -= GAP;
  }
  if (slot.requests > slot.failures && foot > top) {
    chart.append(svg("rect", { x, y: top, width, height: foot - top, class: "answered" }));
  }
}

function latency(recent) {
  const most = Math.max(...recent.map((slot) => slot.max_ms), 0);
  const scale = niceScale(most);
  const chart = frame(scale, "ms", recent.length, `Latency: at most ${round(most)} milliseconds`);
  line(chart, recent, scale, (slot) => slot.max_ms, "max");
  line(chart, recent, scale, (slot) => slot.mean_ms, "mean");
  return figure("Latency", { mean: "average", max: "longest" }, chart);
}

/**
 * A line only where something was answered: silence is a gap, not a zero. A point alone is a dot, the
 * longest a ring around it, since both may be the same request.
 */
function line(chart, recent, scale, value, kind) {
  const step = (PLOT.right - PLOT.left) / Math.max(recent.length, 1);
  let points = [];
  const flush = () => {
    if (points.length === 1) {
      const [[cx, cy]] = points;
      chart.append(svg("circle", { cx, cy, r: kind === "mean" ? 2.5 : 4.5, class: kind }));
    } else if (points.length > 1) {
      chart.append(svg("polyline", { points: points.map((p) => p.join(",")).join(" "), class: kind }));
    }
    points = [];
  };
  recent.forEach((slot, i) => {
    if (value(slot) > 0) {
      points.push([PLOT.left + (i + 0.5) * step, y(scale, value(slot))]);
    } else {
      flush();
    }
  });
  flush();
}

/** The legend: what each kind of mark in the chart means. */
function figure(title, legend, chart) {
  const keys = Object.entries(legend).map(([kind, words]) => element("span", { class: `key ${kind}` }, words));
  const caption = element("figcaption", {}, element("span", { class: "title" }, title), ...keys);
  return element("figure", {}, caption, chart);
}

function frame(scale, unit, slots, summary) {
  const chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": summary });
  for (let value = 0; value <= scale.top + scale.step / 2; value += scale.step) {
    const at = y(scale, value);
    chart.append(svg("line", { x1: PLOT.left, x2: PLOT.right, y1: at, y2: at, class: value === 0 ? "axis" : "grid" }));
    chart.append(svg("text", { x: PLOT.left - 6, y: at + 4, "text-anchor": "end" }, round(value)));
  }
  const middle = (PLOT.top + PLOT.bottom) / 2;
  chart.append(svg("text", { x: 11, y: middle, "text-anchor": "middle", transform: `rotate(-90 11 ${middle})` }, unit));
  const minutes = (slots * SLOT_SECONDS) / 60;
  for (const share of [0, 0.5, 1]) {
    const x = PLOT.left + share * (PLOT.right - PLOT.left);
    const label = share === 1 ? "now" : `−${round(minutes * (1 - share))} min`;
    const anchor = ["start", "middle", "end"][share * 2];
    chart.append(svg("text", { x, y: PLOT.bottom + 16, "text-anchor": anchor }, label));
  }
  chart.append(svg("text", { x: (PLOT.left + PLOT.right) / 2, y: HEIGHT - 3, "text-anchor": "middle" }, "time"));
  return chart;
}

function y(scale, value) {
  return PLOT.bottom - (value / scale.top) * (PLOT.bottom - PLOT.top);
}

/** About four grid lines at 1, 2 or 5 times a power of ten. */
function niceScale(most) {
  const rough = Math.max(most, 0.4) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  return { step, top: step * Math.max(Math.ceil(most / step), 2) };
}

export function round(value) {
  return String(Number(value.toPrecision(3)));
}
