// What the phone keeps of daily reports: every keystroke (drafts) and what was pressed and is not with the portal yet (the
// queue), under the user's own key, in this browser alone. One entry per trip; its id is minted here.
"use strict";
const laporan = (() => {
  const box = document.getElementById("antrean");
  const words = document.getElementById("laporan-kata")?.content;
  if (!box || !words) return null;
  const QUEUE = `antrean:${box.dataset.user}`;
  const DRAFT = `draf:${box.dataset.user}:`;
  const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null") ?? [];
  const listeners = [];
  const store = {
    box,
    user: box.dataset.user,
    key: QUEUE,
    word: (name) => words.querySelector(`[data-word="${name}"]`).textContent,
    icon: (name) => words.querySelector(`[data-word="icon-${name}"] svg`).cloneNode(true),
    // A sentence with a number, in the form that the language has for it.
    counted: (name, number) => store.word(`${name}-${number === 1 ? 1 : 2}`).replace(/\d+/, number).trim(),
    queue: () => read(QUEUE),
    entry: (trip) => store.queue().find((entry) => entry.trip === trip),
    save: (entries) => {
      localStorage.setItem(QUEUE, JSON.stringify(entries));
      store.changed();
    },
    change: (device, news) => store.save(store.queue().map((entry) => (entry.device === device ? { ...entry, ...news } : entry))),
    remove: (device) => store.save(store.queue().filter((entry) => entry.device !== device)),
    draft: (trip) => read(DRAFT + trip),
    keep: (trip, fields) => localStorage.setItem(DRAFT + trip, JSON.stringify(fields)),
    forget: (trip) => localStorage.removeItem(DRAFT + trip),
    onChange: (act) => listeners.push(act),
    changed: () => listeners.forEach((act) => act()),
    mint: () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
  addEventListener("storage", (event) => {
    if (event.key === QUEUE) store.changed();
  });
  return store;
})();
