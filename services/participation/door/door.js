"use strict";
// The page for the person at the door. What is recorded is first written into this device's storage and then sent, entry
// by entry, each under an Idempotency-Key of its own: sent again after a lost answer or a reload, it is the same event.
//
// A card's id is forgotten as soon as the server has answered for it, and 24 hours after it was read in any case, or when the
// page is next open. This device is a counter of its own: what it counts without cards adds up with what other devices count.

const texts = JSON.parse(document.getElementById("texts").textContent);
const at = (id) => document.getElementById(id);
const place = "vointi.checkin";
const keepCards = 24 * 3600 * 1000;
const language = document.documentElement.lang;

// --- storage: one object, read and written as a whole, so that several pages of one device agree

function load() {
  try {
    const stored = JSON.parse(localStorage.getItem(place));
    if (stored && stored.device) return stored;
  } catch { /* nothing usable */ }
  return { device: random(), venue: new URLSearchParams(location.search).get("venue") || "", list: null, session: null, queue: [], recent: [], totals: {}, cards: {}, last: 0 };
}

function change(how) {
  const state = load();
  const result = how(state);
  localStorage.setItem(place, JSON.stringify(state));
  return result;
}

function random() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// instant is now, and later than every instant before, also if the clock was set back: of two counts the later one stands.
function instant(state) {
  state.last = Math.max(Date.now(), state.last + 1);
  return new Date(state.last).toISOString();
}

const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Helsinki" }).format(new Date());
const clock = (iso) => new Intl.DateTimeFormat(language + "-FI", { timeZone: "Europe/Helsinki", hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
const about = (s) => ({ session_id: s.session_id, venue_area_id: s.venue_area_id, venue_id: s.venue_id, activity_type: s.activity_type, provider_id: s.provider_id });

// --- what the person does

function recordVisit(card) {
  if (/\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]/i.test(card)) return tell("refused", texts.personal);
  if (!/^[0-9A-ZÅÄÖ]{4,64}$/.test(card.replace(/[\s-]/g, "").toUpperCase())) return tell("refused", texts.nocard);
  change((state) => {
    const when = instant(state);
    state.cards[state.session.session_id] = (state.cards[state.session.session_id] || 0) + 1;
    add(state, "visit", "/v1/participation/checkins", when, { ...about(state.session), card_id: card.trim(), checked_in_at: when, channel: "card" });
  });
  tell("said", texts.visited);
}

function countOne(step, session) {
  change((state) => {
    const when = instant(state);
    const s = session.session_id;
    state.totals[s] = Math.max(0, (state.totals[s] || 0) + step);
    // What has not been sent need not be: this count takes its place.
    state.queue = state.queue.filter((e) => e.tried || e.kind !== "count" || e.session !== s);
    add(state, "count", "/v1/participation/headcounts", when,
      { ...session, counter: "door-" + state.device, counted_at: when, total: state.totals[s], includes_card_holders: false, method: "manual" }, step > 0);
  });
}

// add queues an entry and shows it.
function add(state, kind, path, when, body, shown = true) {
  const entry = { key: random(), kind, path, body, session: body.session_id, at: Date.now(), tried: false };
  state.queue.push(entry);
  if (shown) state.recent.unshift({ key: entry.key, kind, when, at: entry.at, session: about(body), state: "queued" });
  state.recent.splice(20);
}

// undo takes back a visit or a count. A visit that was never sent is simply dropped; of another the server is told.
function undo(key) {
  const item = load().recent.find((r) => r.key === key);
  if (!item) return;
  if (item.kind === "count") countOne(-1, item.session);
  change((state) => {
    mark(state, key, "undone");
    const waiting = state.queue.find((e) => e.key === key);
    if (item.kind === "count") return;
    if (waiting && !waiting.tried) {
      state.queue = state.queue.filter((e) => e !== waiting);
      return;
    }
    state.queue.push({ key: random(), kind: "void", of: key, id: item.id, at: Date.now(), tried: false,
      body: { session_id: item.session.session_id, venue_area_id: item.session.venue_area_id, reason: "undone at the door", at: instant(state) } });
  });
  tell("said", texts.undone);
}

// mark notes what became of what was recorded. What is undone stays so, whatever the server then says of it.
function mark(state, key, how) {
  const item = state.recent.find((r) => r.key === key);
  if (!item || item.state === "undone") return;
  const s = item.session.session_id;
  if (item.kind === "visit" && how !== "sent") state.cards[s] = Math.max(0, (state.cards[s] || 0) - 1);
  item.state = how;
}

// --- sending

let sending = false, problem = "", pause = 2000, timer = 0;
let unpaired = false; // the server does not know this device, or no longer

async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let entry; (entry = next());) {
      problem = await send(entry);
      if (problem) break;
      pause = 2000;
      show();
    }
  } finally {
    sending = false;
  }
  if (problem) {
    timer = setTimeout(flush, pause);
    pause = Math.min(pause * 2, 60000);
  }
  show();
}

// next is the entry whose turn it is, marked as tried: from then on the server may have it.
function next() {
  return change((state) => {
    expire(state);
    const entry = state.queue[0];
    if (!entry) return undefined;
    if (entry.kind === "void") entry.path = "/v1/participation/checkins/" + encodeURIComponent(entry.id) + "/void";
    entry.tried = true;
    return entry;
  });
}

// expire forgets cards after 24 hours, also if the clock was set back by more, and voids of what was never sent.
function expire(state) {
  for (const e of state.queue.filter((q) => q.kind === "visit" && Math.abs(Date.now() - q.at) > keepCards)) forget(state, e, "expired");
  state.queue = state.queue.filter((e) => e.kind !== "void" || e.id || state.queue.some((q) => q.key === e.of));
}

function forget(state, entry, how) {
  state.queue = state.queue.filter((e) => e.key !== entry.key);
  mark(state, entry.key, how);
}

// send returns "" when the entry is dealt with, or why it has to wait.
async function send(entry) {
  let response;
  try {
    response = await fetch(entry.path, { method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": entry.key },
      body: JSON.stringify(entry.body), cache: "no-store", signal: AbortSignal.timeout(20000) });
  } catch {
    return "offline";
  }
  const answer = await response.json().catch(() => ({}));
  unpaired = response.status === 401;
  if (response.status === 202) {
    change((state) => accepted(state, entry, answer.id));
    return "";
  }
  if (![400, 413, 415, 422].includes(response.status)) return response.status < 500 && ![408, 429].includes(response.status) ? "barred" : "offline";
  const faults = (answer.faults || []).map((f) => f.pointer + " " + f.reason).join("; ");
  change((state) => forget(state, entry, "refused"));
  tell("refused", faults.includes("/card_id") ? texts.nocard : texts.refused + " " + (faults || answer.error || response.status));
  return "";
}

function accepted(state, entry, id) {
  forget(state, entry, "sent");
  const item = state.recent.find((r) => r.key === entry.key);
  if (item) item.id = id;
  for (const e of state.queue) if (e.kind === "void" && e.of === entry.key) e.id = id;
  if (entry.kind !== "count") return;
  for (const r of state.recent) if (r.kind === "count" && r.session.session_id === entry.session && r.at <= entry.at && r.state === "queued") r.state = "sent";
}

// --- pairing: the operator's link ends in #pair= and a token, which a browser sends to nobody by itself. It goes to the server
// once, and comes back as a cookie that no script can read.

// A device that records for another door is not changed before the person at it says so: anybody can send a link.
let asked = null; // the link that waits for the answer: its token, and whom the device records for

async function pair(text, insteadOf) {
  if (!isSecureContext) return tell("refused", texts.insecure);
  const token = text.split("#pair=").pop().trim();
  if (!/^[\x21-\x7e]+$/.test(token)) return tell("refused", texts.nopair); // a header could not hold it
  let response;
  try {
    response = await fetch("/v1/participation/pair" + (insteadOf ? "?instead_of=" + encodeURIComponent(insteadOf) : ""),
      { method: "POST", headers: { Authorization: "Bearer " + token }, signal: AbortSignal.timeout(20000) });
  } catch {
    return tell("refused", texts.offline); // the link stays in the address, for the next try
  }
  if (response.status >= 500) return tell("refused", texts.offline); // as without a connection
  history.replaceState(null, "", location.pathname + location.search);
  if (response.status === 409) return offer(token, await response.json());
  offer(null);
  if (!response.ok) return tell("refused", texts.nopair);
  at("token").value = "";
  tell("said", texts.paired);
  problem = "";
  await refresh();
  flush();
}

// offer asks whether the device is to record for another emitter; without a token there is nothing to ask.
function offer(token, names) {
  asked = token && { token, paired: names.paired };
  at("change").hidden = !token;
  at("changing").textContent = token ? texts.change.replace("{from}", names.paired).replace("{to}", names.emitter) : "";
  if (token) at("stay").focus();
}

// begin pairs the device if it was opened by a link, asks for the day's sessions and sends what waits.
async function begin() {
  if (location.hash.startsWith("#pair=")) return pair(location.hash);
  flush();
  await refresh();
}

// --- the calendar

async function refresh() {
  try {
    const response = await fetch("/v1/participation/sessions", { cache: "no-store", signal: AbortSignal.timeout(20000) });
    unpaired = response.status === 401;
    if (response.status === 200) {
      const list = await response.json();
      change((state) => { state.list = list; });
    }
  } catch { /* what was read before will do */ }
  change((state) => {
    if (state.list && state.list.day !== today()) state.list = null;
    const still = state.list && state.list.sessions.find((s) => state.session && s.session_id === state.session.session_id);
    if (state.session && (still || state.day !== today() || state.list)) state.session = still || null;
    state.recent = state.recent.filter((r) => Date.now() - r.at < keepCards);
  });
  showSessions();
}

const inWords = (names, code) => (names && (names[language] || names.fi || Object.values(names)[0])) || code;
const nameOf = (s) => inWords(s.name, s.session_id);
const venueOf = (s) => inWords(s.venue_name, s.venue_id);
const timesOf = (s) => s.all_day ? texts.allday : clock(s.start) + (s.end ? "–" + clock(s.end) : "");

function option(value, text, selected) {
  const o = document.createElement("option");
  o.value = value, o.textContent = text, o.selected = selected;
  return o;
}

let shown = ""; // what is offered now: a list that somebody has opened is not to be replaced by the same

function showSessions() {
  const state = load();
  const all = state.list ? state.list.sessions : state.session ? [state.session] : [];
  const venues = [...new Map(all.map((s) => [s.venue_id, venueOf(s)]))].sort((a, b) => a[1].localeCompare(b[1], language));
  const venue = venues.some(([id]) => id === state.venue) ? state.venue : "";
  const here = all.filter((s) => !venue || s.venue_id === venue);
  const chosen = state.session ? state.session.session_id : "";
  if (chosen && !here.some((s) => s.session_id === chosen)) return change((s) => { s.session = null; }), showSessions();
  const offered = JSON.stringify([here, venues, venue, chosen]);
  if (offered === shown) return show();
  shown = offered;
  at("venues").hidden = venues.length < 2;
  at("venue").replaceChildren(option("", texts.anywhere, !venue), ...venues.map(([id, name]) => option(id, name, id === venue)));
  at("session").replaceChildren(option("", texts.choose, !chosen), ...here.map((s) => option(s.session_id, nameOf(s) + " " + timesOf(s), s.session_id === chosen)));
  show();
}

// --- what is shown

// tell says what became of what the person did, with the time, so that the same said twice is seen and heard twice.
function tell(where, text) {
  at(where === "said" ? "refused" : "said").textContent = "";
  at(where).textContent = text && text + " " + new Date().toLocaleTimeString(language + "-FI", { timeZone: "Europe/Helsinki" });
}

function show() {
  const state = load();
  const waiting = state.queue.length;
  const link = at("link");
  const offline = problem === "offline" || !navigator.onLine;
  const words = [offline ? texts.offline : unpaired ? texts.unpaired : problem === "barred" ? texts.barred : texts.online];
  if (waiting) words.push(texts.queued.replace("{n}", waiting));
  if (link.textContent !== words.join(" ")) link.textContent = words.join(" ");
  link.className = "link" + (offline || unpaired || problem || waiting > 3 ? " waiting" : "");
  at("pairing").hidden = !unpaired;
  at("none").hidden = unpaired || at("session").length > 1;
  const ready = Boolean(state.session);
  for (const b of [at("more"), document.querySelector("#visit button")]) b.setAttribute("aria-disabled", String(!ready));
  at("session").classList.toggle("unset", !ready);
  at("when").textContent = ready ? timesOf(state.session) + ", " + venueOf(state.session) : "";
  showCounts(state);
  at("items").replaceChildren(...state.recent.slice(0, 6).map(itemOf));
}

function showCounts(state) {
  if (!state.session) return at("counts").replaceChildren();
  const s = state.session.session_id;
  at("counts").replaceChildren(...[[state.cards[s] || 0, texts.with], [state.totals[s] || 0, texts.without]].map(([n, text]) => {
    const part = document.createElement("span"), number = document.createElement("b");
    number.textContent = n;
    part.append(number, text);
    return part;
  }));
}

function itemOf(item) {
  const li = document.createElement("li"), what = document.createElement("span"), how = document.createElement("small");
  li.className = item.state === "expired" ? "refused" : item.state;
  what.className = "what";
  what.textContent = (item.kind === "visit" ? texts.visit : texts.more) + " " + clock(item.when);
  how.textContent = texts[item.state === "queued" ? "waiting" : "is" + item.state];
  const text = document.createElement("span");
  text.append(what, how);
  li.append(text);
  if (item.state === "queued" || item.state === "sent") {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = texts.undo;
    button.setAttribute("aria-label", texts.undo + ": " + what.textContent);
    button.addEventListener("click", () => { attempt(() => undo(item.key)); at("card").focus(); });
    li.append(button);
  }
  return li;
}

// --- events

// attempt records something and sends it.
function attempt(what) {
  try {
    what();
  } catch {
    tell("refused", texts.nostorage); // a device that cannot keep it must not seem to
  }
  show();
  flush();
}

// chosen is [attempt] of what needs a session; it says so if none is chosen.
function chosen(what) {
  const { session } = load();
  if (session) return attempt(() => what(session));
  tell("refused", texts.first);
  at("session").focus();
}

at("visit").addEventListener("submit", (event) => {
  event.preventDefault();
  const card = at("card").value;
  at("card").value = "";
  if (card.trim()) chosen(() => recordVisit(card));
});
at("pairing").addEventListener("submit", (event) => {
  event.preventDefault();
  pair(at("token").value);
});
at("stay").addEventListener("click", () => {
  offer(null);
  tell("said", texts.stayed);
  at("card").focus();
});
at("switch").addEventListener("click", async () => {
  const { token, paired } = asked;
  await flush(); // what was recorded until now is the other's
  await pair(token, paired);
});
window.addEventListener("hashchange", begin);
at("more").addEventListener("click", () => chosen((session) => {
  countOne(1, about(session));
  tell("said", texts.counted);
}));
at("session").addEventListener("change", () => {
  const id = at("session").value;
  change((state) => {
    state.session = (state.list && state.list.sessions.find((s) => s.session_id === id)) || null;
    state.day = today();
  });
  tell("refused", "");
  show();
  if (id) at("card").focus();
});
at("venue").addEventListener("change", () => {
  change((state) => { state.venue = at("venue").value; });
  showSessions();
});
// A scanner types wherever the focus is; what it types belongs to the card.
document.addEventListener("keydown", (event) => {
  if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!event.target.closest("input, select")) at("card").focus();
});
window.addEventListener("online", begin);
window.addEventListener("offline", show);
window.addEventListener("storage", showSessions); // another page of this device
document.addEventListener("visibilitychange", () => { if (!document.hidden) begin(); });
setInterval(() => { change(expire); begin(); }, 5 * 60 * 1000);

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/checkin/worker.js", { scope: "/checkin" }).catch(() => {});
change(() => {});
showSessions();
begin().then(() => { if (load().session && !asked) at("card").focus(); });
