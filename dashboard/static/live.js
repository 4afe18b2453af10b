// Keeps an open page true: relative times go on, and a running deployment's lines arrive as they are written.
"use strict";

const STEPS = [[60, 1, "s"], [3600, 60, "min"], [172800, 3600, "h"], [Infinity, 86400, "days"]];

function ago(seconds) {
  if (seconds < 5) return "just now";
  const [, unit, word] = STEPS.find(([below]) => seconds < below);
  return `${Math.floor(seconds / unit)} ${word} ago`;
}

function tick() {
  for (const time of document.querySelectorAll("time:not(.clock)")) {
    time.textContent = ago((Date.now() - Date.parse(time.dateTime)) / 1000);
  }
}

function show(line, list) {
  const item = document.createElement("li");
  item.dataset.id = line.id;
  for (const part of ["phase", "text"]) {
    const span = document.createElement("span");
    span.className = part;
    span.textContent = line[part];
    item.append(span, " ");
  }
  list.append(item);
  document.getElementById("no-lines")?.remove();
}

// What only the server reckons is taken over from the page as it is now.
async function renew(part) {
  const seen = document.querySelector(part).dataset.renews;
  const answer = await fetch(location.href, seen ? { headers: { "If-None-Match": `"${seen}"` } } : {});
  if (!answer.ok || answer.redirected) return; // signed out meanwhile: the next click leads to the door
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(part);
  const old = document.querySelector(part);
  if (!fresh || !old || isInUse(old)) return;
  for (const opened of old.querySelectorAll("details[open]")) { // what its reader opened stays open
    fresh.querySelector(`[data-key="${CSS.escape(opened.dataset.key)}"]`)?.setAttribute("open", "");
  }
  old.replaceWith(fresh);
}

function isInUse(part) {
  const changed = [...part.querySelectorAll("input, select")].some(isChanged);
  return changed || part.contains(document.activeElement) || !getSelection().isCollapsed;
}

function isChanged(field) { // chosen or typed, and not asked for yet
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const first = Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.selectedIndex > -1 && field.selectedIndex !== first;
}

function piece(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function held(hold) {
  const item = document.createElement("li");
  item.append(piece("span", "reason", hold.sentence), " ");
  if (hold.who || hold.ends_by) {
    const way = piece("span", "quiet", "ended");
    if (hold.who) way.append(" by ", piece("span", "user", hold.who));
    if (hold.ends_by) way.append(hold.who ? ", with " : " with ", piece("code", "", hold.ends_by));
    item.append(way);
  }
  return item;
}

function tell(hero, list, story) {
  if (story.ended || story.state !== hero.dataset.state) return location.reload();
  const phase = list.lastElementChild?.querySelector(".phase")?.textContent;
  story.items.forEach((line) => show(line, list));
  if (story.items.some((line) => line.phase !== phase)) renew("#stage-list").catch(() => {}); // the next stage tells again
  if (String(story.observed_at) !== hero.dataset.observed) renew("#tree").catch(() => {});
  hero.dataset.observed = story.observed_at;
  const said = story.waits || story.items.at(-1)?.text;
  const latest = document.getElementById("latest");
  if (said) latest.textContent = said;
  latest.hidden = story.holds.length > 0; // each of them is named below
  document.getElementById("holds").replaceChildren(...story.holds.map(held));
}

function follow(hero, list) {
  const last = list.lastElementChild?.dataset.id ?? 0;
  const events = new EventSource(`${hero.dataset.follow}?after=${last}`);
  events.onmessage = (event) => tell(hero, list, JSON.parse(event.data));
  events.onerror = () => {
    // Where the browser does not come again by itself, Pushboat restarts or somebody has to log in: the page tells.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  };
}

function reach(event) {
  if (event.key !== "/" || event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  document.querySelector(".search input").focus();
}

document.addEventListener("keydown", reach);
setInterval(tick, 10000);
if (document.querySelector("main[data-renews]")) {
  setInterval(() => document.hidden || renew("main").catch(() => {}), 10000); // away for a moment: the next time tells
}
if (document.querySelector("[data-comes-again]")) setTimeout(() => location.reload(), 2000); // its answer is on its way
const hero = document.querySelector("[data-follow]");
if (hero) follow(hero, document.getElementById("lines"));
const unanswered = document.querySelector("[data-again]");
if (unanswered) setTimeout(() => location.reload(), Number(unanswered.dataset.again));
