// The chart comes alive: another range without a reload, fresh prices each minute, and the close under the pointer.
// Without this script the links load the page anew and the chart stands still.
"use strict";

(() => {
  const EVERY = 60_000; // milliseconds
  const SVG = "http://www.w3.org/2000/svg";
  const figure = document.getElementById("chart");
  const ranges = document.querySelector("[data-chart=chart]");
  const reading = document.getElementById("chart-reading");
  const news = document.getElementById("chart-news");
  const shown = new Map(); // size → the figures it was drawn from, once there are any
  let url = ranges.querySelector("[aria-current]").dataset.figures;
  let tag = null;
  let asking = null;

  function make(name, attributes, words) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (words !== undefined) made.textContent = words;
    return made;
  }

  function draw(size, chart) {
    const svg = figure.querySelector(`.chart-${size}`);
    const [right, bottom] = [chart.width - 12, chart.height - 28];
    const label = { "font-size": 12, fill: "#595959" };
    const parts = [
      make("title", { id: `chart-${size}-title` }, chart.title),
      make("desc", { id: `chart-${size}-desc` }, chart.description),
    ];
    for (const { at, label: words } of chart.prices) {
      parts.push(make("line", { x1: 48, y1: at, x2: right, y2: at, stroke: "#bfbfbf" }));
      parts.push(make("text", { x: 42, y: at + 4, "text-anchor": "end", ...label }, words));
    }
    for (const { at, label: words, anchor } of chart.days) {
      parts.push(make("line", { x1: at, y1: bottom, x2: at, y2: bottom + 5, stroke: "#595959" }));
      parts.push(make("text", { x: at, y: bottom + 20, "text-anchor": anchor, ...label }, words));
    }
    for (const { at, label: words, anchor } of chart.splits) {
      parts.push(make("line", { x1: at, y1: 28, x2: at, y2: bottom, stroke: "#d55e00", "stroke-dasharray": "5 4" }));
      parts.push(make("text", { x: at, y: 20, "text-anchor": anchor, ...label, fill: "#1a1a1a" }, words));
    }
    for (const points of chart.lines) {
      const path = points.map(([x, y]) => `${x},${y}`).join(" ");
      parts.push(make("polyline", { points: path, fill: "none", stroke: "#0072b2", "stroke-width": 2 }));
    }
    svg.replaceChildren(...parts);
    shown.set(size, chart);
  }

  async function load(wanted, { aloud = false } = {}) {
    asking?.abort();
    asking = new AbortController();
    const headers = tag && wanted === url ? { "If-None-Match": tag } : {};
    try {
      const response = await fetch(wanted, { headers, cache: "no-store", signal: asking.signal });
      if (response.status === 304) return;
      if (!response.ok) throw new Error(`status ${response.status}`);
      const { range, charts } = await response.json();
      for (const [size, chart] of Object.entries(charts)) draw(size, chart);
      [url, tag] = [wanted, response.headers.get("ETag")];
      figure.dataset.drawn = range;
      const { title, description } = charts.wide;
      const caption = figure.querySelector("figcaption");
      caption.firstChild.data = `${title}. `;
      caption.querySelector(".description").textContent = description;
      if (aloud) news.textContent = `The chart now shows ${title}.`;
    } catch (error) {
      if (error.name !== "AbortError" && aloud) news.textContent = "The chart could not be loaded. Try again.";
    }
  }

  ranges.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    for (const each of ranges.querySelectorAll("a")) each.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    history.replaceState(null, "", link.href);
    load(link.dataset.figures, { aloud: true });
  });

  function read(event) {
    const svg = event.target.closest("svg");
    const size = svg?.classList.contains("chart-narrow") ? "narrow" : "wide";
    const chart = svg && shown.get(size);
    if (!chart) return;
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * chart.width;
    const [cx, cy, day, close] = chart.lines
      .flat()
      .reduce((best, each) => (Math.abs(each[0] - x) < Math.abs(best[0] - x) ? each : best));
    reading.hidden = false;
    reading.textContent = `${day}: ${close} US dollars`;
    svg.querySelector(".under")?.remove();
    svg.append(make("circle", { class: "under", cx, cy, r: 5, fill: "#0072b2" }));
  }

  figure.addEventListener("pointermove", read);
  figure.addEventListener("pointerdown", read);
  load(url);
  setInterval(() => document.hidden || load(url), EVERY);
})();
