"use strict";

// Sort: numbers by data-value, texts by their letters; what is missing comes last either way.
function key(row, column) {
  const cell = row.cells[column];
  return cell.dataset.value ?? cell.textContent;
}

function compare(one, other, upward) {
  if (one === "" || other === "") return (one === "") - (other === "");
  const difference = Number(one) - Number(other);
  const order = Number.isNaN(difference) ? one.localeCompare(other, "en", { numeric: true }) : difference;
  return upward ? order : -order;
}

function sort(head) {
  const column = head.cellIndex;
  const body = head.closest("table").tBodies[0];
  const number = body.rows[0].cells[column].classList.contains("number");
  const before = head.getAttribute("aria-sort");
  const upward = before === null ? !number : before === "descending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", upward ? "ascending" : "descending");
  const rows = Array.from(body.rows);
  rows.sort((a, b) => compare(key(a, column), key(b, column), upward));
  body.append(...rows);
}

for (const button of document.querySelectorAll(".board th button")) {
  button.addEventListener("click", () => sort(button.closest("th")));
}

// Filter: every word must occur in what a row or a run is found by.
const filter = document.getElementById("filter");
const task = document.getElementById("task");
const found = Array.from(document.querySelectorAll("[data-find]"));
const runs = document.querySelectorAll("details.item");
const total = runs.length;

function show() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const part of found) {
    const text = part.dataset.find.toLowerCase();
    const tasks = part.dataset.task;
    const ofTask = task.value === "" || tasks === task.value || tasks.split("\n").includes(task.value);
    part.hidden = !ofTask || !words.every((word) => text.includes(word));
  }
  for (const section of document.querySelectorAll("main > section")) {
    const parts = Array.from(section.querySelectorAll("[data-find]"));
    section.hidden = parts.length > 0 && parts.every((part) => part.hidden);
  }
  const shown = Array.from(runs).filter((run) => !run.hidden).length;
  document.getElementById("count").textContent = shown === total ? `${total} runs` : `${shown} of ${total} runs`;
}

filter.addEventListener("input", show);
task.addEventListener("change", show);

// Copy: where there is no clipboard, the command is shown to be copied by hand.
async function copy(button) {
  const name = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "copied";
    setTimeout(() => { button.textContent = name; }, 1200);
  } catch {
    window.prompt("copy", button.dataset.copy);
  }
}

for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", () => copy(button));
}

// Theme: as the system has it, or as chosen; some browsers keep nothing for files.
const themes = ["auto", "light", "dark"];
const theme = document.getElementById("theme");

function kept() {
  try { return localStorage.getItem("deltalab-theme"); } catch { return null; }
}

function paint(name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  theme.textContent = `theme: ${name}`;
  try { localStorage.setItem("deltalab-theme", name); } catch { /* chosen for this visit only */ }
}

theme.addEventListener("click", () => {
  const now = document.documentElement.dataset.theme ?? "auto";
  paint(themes[(themes.indexOf(now) + 1) % themes.length]);
});
if (themes.includes(kept())) paint(kept());

// A link to a run opens it, also one that the filter hides.
function open() {
  const run = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  if (run instanceof HTMLDetailsElement) {
    run.hidden = false;
    run.closest("section").hidden = false;
    run.open = true;
    run.scrollIntoView();
  }
}

window.addEventListener("hashchange", open);
open();
