// Daily reports on a bad connection. Every keystroke is kept on the device; a report that is sent goes into a queue with an id
// minted here, and leaves it only when the portal has taken it: a closed tab, an expired log-in, a refusal or somebody
// else's report never lose one. Everything is kept under the user's own key, in this browser alone.
(() => {
  "use strict";
  const box = document.getElementById("antrean");
  const words = document.getElementById("laporan-kata")?.content;
  if (!box || !words) return;

  const word = (name) => words.querySelector(`[data-word="${name}"]`).textContent;
  // On its day a coming stop shows its form. The device's clock decides only that: the portal looks at the day itself.
  // The clock of an example is behind the device's by data-shift-seconds.
  const reveal = () => {
    const shift = Number(document.querySelector("[data-coming]")?.dataset.shiftSeconds ?? 0) * 1000;
    const today = new Date(Date.now() - shift).toLocaleDateString("sv", { timeZone: "Asia/Jakarta" });
    for (const card of document.querySelectorAll("[data-coming] [data-day]")) {
      card.hidden = card.dataset.day > today;
      if (!card.hidden) card.parentElement.hidden = false;
    }
  };
  reveal();

  const QUEUE = `antrean:${box.dataset.user}`;
  const DRAFT = `draf:${box.dataset.user}:`;
  const RETRY_SECONDS = [5, 10, 20, 40, 80, 160, 300];
  const NOT_IN_DRAFTS = ["csrfmiddlewaretoken", "device", "kind"];
  const forms = new Map([...document.querySelectorAll("[data-report]")].map((form) => [form.dataset.report, form]));
  const read = (key, otherwise) => JSON.parse(localStorage.getItem(key) ?? "null") ?? otherwise;
  const queue = () => read(QUEUE, []);
  const save = (entries) => {
    localStorage.setItem(QUEUE, JSON.stringify(entries));
    show();
  };
  const change = (device, news) => save(queue().map((entry) => (entry.device === device ? { ...entry, ...news } : entry)));
  const remove = (device) => save(queue().filter((entry) => entry.device !== device));
  const mint = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // Drafts
  const typed = (form) => [...new FormData(form)].filter(([name]) => !NOT_IN_DRAFTS.includes(name));
  const keep = (form) => localStorage.setItem(DRAFT + form.dataset.report, JSON.stringify(typed(form)));
  const NOT_FILLED = ["expected", "stop", "confirmed", "kind"]; // of the page as it stands now, or of several buttons
  const fill = (form, fields) => {
    for (const [name, value] of fields) {
      const field = form.elements.namedItem(name);
      if (field && !NOT_FILLED.includes(name)) {
        field.value = value;
        if (value) field.closest("details")?.setAttribute("open", "");
      }
    }
  };

  // The queue on the page
  const button = (text, act) => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "button";
    element.textContent = text;
    element.addEventListener("click", act);
    return element;
  };
  const link = (text, href) => {
    const element = document.createElement("a");
    element.className = "button";
    element.href = href;
    element.textContent = text;
    return element;
  };
  const line = (text, kind = "p") => {
    const element = document.createElement(kind);
    element.textContent = text;
    return element;
  };
  const queueItem = (entry) => {
    const item = document.createElement("li");
    item.dataset.state = entry.state;
    item.append(line(`${entry.label}: ${word(entry.device === flying ? "sending" : entry.state)}`));
    if (entry.said) item.append(line(entry.said));
    if (entry.theirs) item.append(line(`${word("theirs")} ${entry.theirs}`));
    if (entry.state !== "waiting" && entry.mine) item.append(line(`${word("mine")} ${entry.mine}`));
    const acts = document.createElement("p");
    acts.className = "actions";
    if (entry.state === "login") acts.append(link(word("again"), `/masuk/?next=${encodeURIComponent(location.pathname)}`));
    const here = forms.has(entry.trip) && (entry.state !== "conflict" || entry.url === location.href);
    if (["refused", "asks", "conflict"].includes(entry.state) && !here) acts.append(link(word("open"), entry.url));
    if (entry.state !== "waiting") {
      acts.append(button(word("drop"), () => {
        if (!confirm(word("dropped"))) return;
        localStorage.removeItem(DRAFT + entry.trip);
        remove(entry.device);
      }));
    }
    if (acts.childElementCount) item.append(acts);
    return item;
  };
  let trying = false; // the last round did not reach the portal
  let flying = ""; // the id that is on its way just now
  function show() {
    const entries = queue();
    box.hidden = entries.length === 0;
    box.querySelector("[data-entries]").replaceChildren(...entries.map(queueItem));
    const waits = entries.some((entry) => entry.state === "waiting") && (trying || !navigator.onLine);
    box.querySelector("[data-line]").textContent = waits ? word(navigator.onLine ? "trying" : "offline") : "";
  }

  // What the portal answered, beside the form
  const refusal = (form, entry) => {
    for (const field of form.querySelectorAll(".field-wrong")) {
      field.classList.remove("field-wrong");
      field.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
    }
    const place = form.querySelector("[data-refusal]");
    place.replaceChildren(Object.assign(line(entry.said ?? ""), { className: "wrong" }));
    for (const [name, value] of entry.fields) { // what was answered before stays answered
      if (name === "confirmed" && value) place.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    for (const question of entry.questions ?? []) {
      const label = document.createElement("label");
      label.className = "choice asked";
      const tick = Object.assign(document.createElement("input"), { type: "checkbox", name: "confirmed", value: question.code });
      label.append(tick, line(question.text, "span"));
      place.append(label);
    }
    for (const name of Object.keys(entry.errors ?? {})) {
      const field = form.elements.namedItem(name);
      field?.closest?.(".field")?.classList.add("field-wrong");
      field?.setAttribute?.("aria-invalid", "true");
      field?.closest?.("details")?.setAttribute("open", "");
    }
    if (mayFocus(form)) place.focus();
  };
  // Somebody who is typing about another van is not torn away.
  const mayFocus = (form) => document.activeElement === document.body || form.contains(document.activeElement);
  const taken = (entry, answer) => {
    const form = forms.get(entry.trip);
    const changed = form && JSON.stringify(typed(form)) !== JSON.stringify(entry.fields.filter(([name]) => name !== "kind"));
    if (!changed) localStorage.removeItem(DRAFT + entry.trip);
    remove(entry.device);
    keepPage();
    if (changed) { // typed on while it was on its way: that becomes a correction, on the page where its reason is asked
      form.elements.expected.value = answer.version;
      keep(form);
      location.href = entry.url;
    }
    if (!form || changed) return;
    if (!form.closest(".report-card")) { // the page of one report: its versions have changed
      location.reload();
      return;
    }
    const done = Object.assign(line(answer.message), { className: "notice notice-good", tabIndex: -1 });
    const text = document.getElementById("pesan-baru").content.cloneNode(true);
    const [area, copy, said] = ["textarea", "[data-copy]", "[data-copied]"].map((each) => text.querySelector(each));
    Object.assign(area, { id: `pesan-${entry.trip}`, value: answer.text });
    copy.dataset.copy = said.dataset.copied = area.id;
    copy.hidden = false;
    text.querySelector("details").open = true;
    const focus = mayFocus(form);
    form.replaceWith(done, text);
    forms.delete(entry.trip);
    if (focus) done.focus();
  };

  // Sending
  function keepPage() {
    navigator.serviceWorker?.ready.then((ready) => ready.active.postMessage("keep"));
  }
  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1] ?? "";
  async function send(entry) {
    const body = new URLSearchParams(entry.fields);
    body.set("device", entry.device);
    body.set("user", box.dataset.user);
    let answer;
    try {
      answer = await fetch(entry.url, {
        method: "POST", body, redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout?.(30000),
        headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") },
      });
    } catch {
      return "away";
    }
    const result = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json().catch(() => null) : null;
    if (answer.ok && result) {
      taken(entry, result);
    } else if (answer.type === "opaqueredirect" || answer.status === 401 || (answer.status === 403 && !result)) {
      change(entry.device, { state: "login" });
    } else if (answer.status >= 500 || answer.status === 429 || (answer.status < 400 && !result)) {
      return "busy"; // the next one may still get through
    } else {
      const state = { 409: result?.theirs ? "conflict" : "refused", 422: "asks" }[answer.status] ?? "refused";
      const news = { state, said: result?.message ?? "", questions: result?.questions, errors: result?.errors, theirs: result?.theirs?.headline };
      change(entry.device, news);
      const form = forms.get(entry.trip);
      if (form) refusal(form, { ...entry, ...news });
    }
    return "done";
  }
  let round = 0;
  let timer;
  async function flush() {
    clearTimeout(timer);
    let reached = true;
    const all = async () => {
      for (const entry of queue().filter((each) => each.state === "waiting")) {
        // Another tab may have sent it meanwhile.
        if (!queue().some((each) => each.device === entry.device && each.state === "waiting")) continue;
        flying = entry.device;
        show();
        const answer = await send(entry);
        flying = "";
        reached &&= answer === "done";
        if (answer === "away") break;
      }
    };
    await (navigator.locks ? navigator.locks.request(QUEUE, all) : all());
    trying = !reached;
    if (!reached) timer = setTimeout(flush, RETRY_SECONDS[round] * 1000);
    round = reached ? 0 : Math.min(round + 1, RETRY_SECONDS.length - 1);
    show();
  }

  for (const [trip, form] of forms) {
    const waiting = queue().find((entry) => entry.trip === trip);
    const draft = read(DRAFT + trip, []);
    const seen = draft.find(([name]) => name === "expected")?.[1];
    // A draft of another version is older than what the page shows: it would overwrite what somebody sent since.
    fill(form, waiting?.fields ?? (seen === form.elements.expected.value ? draft : []));
    if (waiting?.said) refusal(form, waiting);
    form.addEventListener("input", () => {
      try { keep(form); } catch { /* the browser's storage is full or closed */ }
    });
    form.addEventListener("submit", (event) => {
      const before = queue().find((entry) => entry.trip === trip);
      if (before && before.device === flying) { // it is on its way: a second press is none
        event.preventDefault();
        return;
      }
      const fields = [...typed(form), ["kind", event.submitter?.value ?? "served"]];
      // What was answered before stays answered; the same report keeps its id, another one gets a new one.
      const device = JSON.stringify(fields) === JSON.stringify(before?.fields) ? before.device : mint();
      const filled = fields.filter(([name, value]) => value && form.elements.namedItem(name)?.labels?.length);
      const mine = filled.map(([name, value]) => `${form.elements.namedItem(name).labels[0].textContent.trim()} ${value}`).join(", ");
      const entry = { trip, url: form.action, label: form.dataset.label, device, fields, mine, state: "waiting" };
      try {
        keep(form);
        save([...queue().filter((each) => each.trip !== trip), entry]);
      } catch {
        return; // the browser's storage is full or closed: the form goes out as it would without a script
      }
      event.preventDefault();
      round = 0;
      flush();
    }, true);
  }

  addEventListener("online", () => { round = 0; flush(); });
  addEventListener("storage", (event) => { if (event.key === QUEUE) show(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    reveal();
    flush();
  });
  document.querySelector(".account-menu form")?.addEventListener("submit", (event) => {
    if (queue().length && !confirm(word("leaving"))) event.preventDefault();
  });
  // Whoever was sent to the log-in page has come back: what waited for it goes out.
  save(queue().map((entry) => (entry.state === "login" ? { ...entry, state: "waiting" } : entry)));
  flush();
  // Without a service worker (plain http) the page itself still keeps everything.
  navigator.serviceWorker?.register("/sw.js").then(keepPage).catch(() => {});
})();
