// More prices without a reload, a line that grows with them, and a look for newer ones each minute.
const more = document.getElementById("more");
const newest = more.dataset.next;
const closes = new Map(); // day → close

async function ask(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The server says ${response.status}.`);
  const page = await response.json();
  for (const { day, close } of page.items) closes.set(day, close);
  show([...closes].sort(), page.total);
  return page;
}

function show(rows, total) {
  const table = document.getElementById("prices");
  table.replaceChildren();
  for (const [day, close] of rows.toReversed()) {
    const row = table.insertRow();
    row.insertCell().textContent = day;
    row.insertCell().textContent = close.toFixed(2);
  }
  draw(rows.map(([, close]) => close));
  say(`${rows.length} of ${total}`);
}

function draw(values) {
  const low = Math.min(...values), high = Math.max(...values);
  const x = (n) => (600 * n) / Math.max(1, values.length - 1);
  const y = (value) => 145 - (140 * (value - low)) / (high - low || 1);
  const points = values.map((value, n) => `${x(n)},${y(value)}`).join(" ");
  document.getElementById("line").setAttribute("points", points);
}

function say(words) {
  document.getElementById("news").textContent = words;
}

more.addEventListener("click", () => ask(more.dataset.next).then((page) => {
  more.hidden = page.next === null;
  more.dataset.next = page.next;
}).catch((error) => say(error.message)));
setInterval(() => ask(newest).catch((error) => say(error.message)), 60_000);
