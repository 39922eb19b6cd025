// Which day it is: the portal's, and the time since this page came. The phone's own clock may be years off, so it only ever
// counts how long ago something was: since this page was loaded (a phone that sleeps stops the other counter), or since the
// page was kept (data-stored, by the service worker). Where the day seems to have changed the portal is asked, so that a clock
// that jumped opens nothing while there is a line; without one a jump ahead shows a coming stop too early, and the portal
// refuses its report until its day has come.
"use strict";
if (laporan) (() => {
  const { box } = laporan;
  const PATIENCE_MS = 8000;
  const LOOKS_MS = 20000;
  const age = box.dataset.stored ? Math.max(0, Date.now() - Number(box.dataset.stored)) : 0;
  let known = { portal: Date.parse(box.dataset.now) + age, device: Date.now(), ticks: performance.now() };
  const now = () => known.portal + Math.max(performance.now() - known.ticks, Date.now() - known.device);
  const today = () => new Date(now()).toLocaleDateString("sv", { timeZone: "Asia/Jakarta" });
  async function ask() {
    const options = { method: "HEAD", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE_MS) };
    const answer = await fetch(location.pathname, options).catch(() => null);
    const moment = Date.parse(answer?.headers.get("X-Portal-Now") ?? "");
    if (moment) known = { portal: moment, device: Date.now(), ticks: performance.now() };
  }

  const cards = document.querySelector("[data-cards]");
  if (!cards) return;
  let shown = new Date(Date.parse(box.dataset.now)).toLocaleDateString("sv", { timeZone: "Asia/Jakarta" });
  // A coming stop whose day is here becomes a card with its form.
  function come(stop) {
    const card = laporan.make("section", "", { className: "panel report-card", id: stop.id });
    Object.assign(card.dataset, stop.dataset, { awaited: "" });
    card.append(...stop.childNodes);
    stop.remove();
    cards.querySelector("[data-empty]")?.remove();
    cards.prepend(card);
    if ("here" in cards.dataset) {
      laporan.open(card);
    } else { // the list of several cities: one form at a time
      const way = laporan.make("p", "", { className: "stop-way" });
      way.append(laporan.make("a", laporan.word("fill"), { className: "tap", href: `${location.pathname}${card.dataset.card}/` }));
      way.dataset.way = way.firstChild.dataset.open = "";
      card.append(way);
    }
    laporan.restore(card);
  }
  function turn(day) {
    shown = day;
    const title = document.querySelector(`[data-of="${day}"]`);
    if (title) document.querySelector("[data-today]").textContent = title.textContent;
    for (const past of cards.querySelectorAll("[data-past]")) past.hidden = past.closest("[data-card]").dataset.day === day;
    for (const stop of [...document.querySelectorAll("[data-coming] [data-card]")].reverse()) if (stop.dataset.day <= day) come(stop);
    for (const list of document.querySelectorAll("[data-coming] ul")) {
      if (list.childElementCount) continue;
      list.previousElementSibling.remove();
      list.remove();
    }
    laporan.show();
  }
  let asking = false;
  async function look() {
    if (asking || today() === shown) return;
    asking = true;
    await ask();
    asking = false;
    if (today() > shown) turn(today());
  }
  if (box.dataset.stored) {
    const moment = new Date(Date.parse(box.dataset.now)).toLocaleString("id", { timeZone: "Asia/Jakarta", dateStyle: "long", timeStyle: "short" });
    cards.before(laporan.make("p", `${laporan.word("kept")} ${moment}.`, { className: "quiet" }));
  }
  laporan.look = look;
  setInterval(look, LOOKS_MS);
  document.addEventListener("visibilitychange", () => document.hidden || look());
})();
