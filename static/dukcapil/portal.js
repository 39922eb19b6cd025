// Says at the bottom of the window that the connection is gone, or that a part of a page could not be loaded. What is on
// the screen stays. The sentences stand in the page's own <template id="sambungan">, in the language of the page.
(() => {
  "use strict";
  const place = document.createElement("div");
  place.className = "connection";
  place.setAttribute("role", "status"); // empty until something happens, so that screen readers notice the change
  document.body.append(place);

  const say = (when) => {
    const words = document.getElementById("sambungan")?.content;
    const sentence = words?.querySelector(`[data-when="${when}"]`);
    if (!sentence) return;
    const close = words.querySelector("button").cloneNode(true);
    close.addEventListener("click", hush);
    place.dataset.now = when;
    place.replaceChildren(sentence.cloneNode(true), close);
  };
  const hush = () => {
    delete place.dataset.now;
    place.replaceChildren();
  };

  addEventListener("offline", () => say("offline"));
  addEventListener("online", hush);

  // A form that is sent without a connection would leave the page, and what was typed with it. Held back once only: a
  // browser may be wrong, for example on the machine of the portal itself.
  addEventListener("submit", (event) => {
    if (event.target.matches("[data-report]")) return; // kept and sent later by static/fleet/reports/report.js
    if (navigator.onLine || place.dataset.now === "unsent") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say("unsent");
  }, true);

  // Pages that were kept for the road (templates/dukcapil/sw.js) and drafts of reports belong to one person: gone when that
  // person logs out, the pages also when somebody logs in. A log-in that only expired leaves them: the person may be out of
  // reach of the portal. Reports that wait to be sent (static/fleet/reports/report.js) always stay, under that person's own key.
  const user = document.body.dataset.user;
  const forgetPages = async () => {
    for (const name of "caches" in globalThis ? await caches.keys() : []) if (name.startsWith("halaman-")) await caches.delete(name);
  };
  const queued = () => JSON.parse(localStorage.getItem(`antrean:${user}`) ?? "[]");
  document.addEventListener("submit", (event) => {
    const out = event.target.closest(".account-menu");
    if (event.defaultPrevented || !(out || location.pathname === "/masuk/")) return;
    forgetPages();
    if (out && !queued().length) Object.keys(localStorage).filter((key) => key.startsWith(`draf:${user}:`)).forEach((key) => localStorage.removeItem(key));
  });
  if (user && queued().length && !document.getElementById("antrean")) {
    say(queued().some((entry) => ["waiting", "login"].includes(entry.state)) ? "queued" : "wrong");
  }

  // A row of links that scrolls shows where one is.
  const showHere = () => {
    for (const row of document.querySelectorAll(".main-nav ul, .tabs ul")) {
      const here = row.querySelector("[aria-current]");
      if (here) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
    }
  };
  showHere();
  document.addEventListener("htmx:afterSettle", showHere);

  // A menu closes like any other: by a press elsewhere, and by Escape, which gives the focus back.
  const menus = () => document.querySelectorAll("details:is(.menu, .account)[open]");
  document.addEventListener("click", (event) => menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });

  document.addEventListener("htmx:sendError", () => say(navigator.onLine ? "unloaded" : "offline"));
  document.addEventListener("htmx:timeout", () => say("unloaded"));
  document.addEventListener("htmx:responseError", () => say("refused"));
  document.addEventListener("htmx:afterSwap", () => {
    if (navigator.onLine) hush();
  });
})();

// The day in words beside each field for a date (templates/dukcapil/_day_words.html): browsers show 11/25/2021 or 25/11/2021.
(() => {
  "use strict";
  const language = document.documentElement.lang || "id";
  const part = (day, name, width) => new Intl.DateTimeFormat(language, { [name]: width, timeZone: "UTC" }).format(day);
  const tell = (field) => {
    const words = document.querySelector(`[data-day-of="${CSS.escape(field.id)}"]`);
    const day = field.valueAsDate;
    if (!words) return;
    words.value = day ? `${part(day, "weekday", "long")}, ${day.getUTCDate()} ${part(day, "month", "long")} ${day.getUTCFullYear()}` : "";
  };
  document.addEventListener("input", ({ target }) => { if (target.type === "date") tell(target); });
  document.addEventListener("change", ({ target }) => { if (target.type === "date") tell(target); });
  for (const field of document.querySelectorAll("input[type=date]")) if (field.value) tell(field); // kept by the browser
})();
