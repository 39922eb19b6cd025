// Daily reports on a bad connection. Every keystroke is kept on the device; a report that is sent goes into a queue with an id
// minted here, and leaves it only when the portal has taken it: a closed tab, an expired log-in, a refusal or somebody
// else's report never lose one. Keeping: store.js. What the page shows of it: cards.js.
"use strict";
if (laporan) (() => {
  const { box, card, form, typed } = laporan;
  const RETRY_SECONDS = [5, 10, 20, 40, 80, 160, 300];

  // What the portal answered, beside the form
  const refusal = (of, entry) => {
    for (const said of of.querySelectorAll("[data-said]")) said.remove();
    for (const field of of.querySelectorAll(".field-wrong")) {
      field.classList.remove("field-wrong");
      field.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
    }
    const place = of.querySelector("[data-refusal]");
    place.replaceChildren();
    for (const [name, value] of entry.fields) { // what was answered before stays answered
      if (name === "confirmed" && value) place.append(laporan.make("input", "", { type: "hidden", name, value }));
    }
    for (const question of entry.questions ?? []) {
      const label = laporan.make("label", "", { className: "choice asked" });
      label.append(laporan.make("input", "", { type: "checkbox", name: "confirmed", value: question.code }), laporan.make("span", question.text));
      place.append(label);
    }
    let first = place;
    for (const [name, sentence] of Object.entries(entry.errors ?? {})) {
      const input = of.elements.namedItem(name);
      const field = input?.closest?.(".field");
      if (!field) continue;
      field.classList.add("field-wrong");
      input.setAttribute("aria-invalid", "true");
      const said = laporan.make("p", sentence, { className: "wrong", id: `${input.id}_error` });
      said.dataset.said = "";
      input.setAttribute("aria-describedby", said.id);
      input.before(said);
      input.closest("details")?.setAttribute("open", "");
      if (first === place) first = input;
    }
    if (mayFocus(of)) first.focus();
  };
  // Somebody who is typing about another van is not torn away.
  const mayFocus = (of) => [document.body, null].includes(document.activeElement) || of.contains(document.activeElement);
  const taken = (entry, answer) => {
    const of = card(entry.trip);
    // The draft has every keystroke of this page and of its other tabs.
    const now = laporan.draft(entry.trip);
    const changed = now.length && JSON.stringify(now) !== JSON.stringify(entry.fields.filter(([name]) => name !== "kind"));
    if (!changed) laporan.forget(entry.trip);
    laporan.remove(entry.device);
    keepPage();
    const text = document.getElementById(`pesan-${answer.city?.replace(".", "")}`);
    if (text && box.dataset.now.startsWith(answer.day)) text.value = answer.text;
    if (!of) return;
    if (!document.querySelector("[data-cards]")) { // the page of one report: its versions have changed
      if (changed) laporan.keep(entry.trip, now.map(([name, value]) => [name, name === "expected" ? String(answer.version) : value]));
      location.reload();
      return;
    }
    const focus = mayFocus(of);
    const done = laporan.taken(of, answer.card);
    if (changed) { // typed on while it was on its way: that becomes a correction, with its reason
      const grown = laporan.correct(of, now);
      laporan.keep(entry.trip, typed(grown));
      grown.elements.reason.focus();
    } else if (focus) {
      done.focus();
    }
    laporan.show();
  };

  // Sending
  function keepPage() {
    navigator.serviceWorker?.ready.then((ready) => ready.active.postMessage("keep"));
  }
  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1] ?? "";
  const ask = (url, options) => fetch(url, {
    redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout?.(30000),
    ...options, headers: { Accept: "application/json", ...options.headers },
  });
  async function send(entry) {
    const body = new URLSearchParams(entry.fields);
    body.set("device", entry.device);
    body.set("user", laporan.user);
    let answer;
    try {
      answer = await ask(entry.url, { method: "POST", body, headers: { "X-CSRFToken": cookie("csrftoken") } });
    } catch {
      return "away";
    }
    const result = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json().catch(() => null) : null;
    if (answer.ok && result) {
      taken(entry, result);
    } else if (answer.type === "opaqueredirect" || answer.status === 401 || (answer.status === 403 && !result)) {
      laporan.change(entry.device, { state: "login" });
    } else if (answer.status >= 500 || answer.status === 429 || (answer.status < 400 && !result)) {
      return "busy"; // the next one may still get through
    } else {
      const state = { 409: result?.theirs ? "conflict" : "refused", 422: "asks" }[answer.status] ?? "refused";
      const news = { state, said: result?.message ?? "", questions: result?.questions, errors: result?.errors, theirs: result?.theirs };
      laporan.change(entry.device, news);
      if (form(entry.trip)) refusal(form(entry.trip), { ...entry, ...news });
    }
    return "done";
  }
  let round = 0;
  let timer;
  async function flush() {
    clearTimeout(timer);
    let reached = true;
    const all = async () => {
      for (const entry of laporan.queue().filter((each) => each.state === "waiting")) {
        // Another tab may have sent it meanwhile.
        if (!laporan.queue().some((each) => each.device === entry.device && each.state === "waiting")) continue;
        laporan.flying = entry.device;
        laporan.show();
        const answer = await send(entry);
        laporan.flying = "";
        reached &&= answer === "done";
        if (answer === "away") break;
      }
    };
    await (navigator.locks ? navigator.locks.request(laporan.key, all) : all());
    if (!reached) timer = setTimeout(flush, RETRY_SECONDS[round] * 1000);
    round = reached ? 0 : Math.min(round + 1, RETRY_SECONDS.length - 1);
    laporan.show();
  }
  const seenIn = (entry) => Number(entry.fields.find(([name]) => name === "expected")?.[1] ?? 0);
  // A refused report of a stop that was reported otherwise meanwhile has nothing left to mend.
  async function settle() {
    for (const entry of laporan.queue().filter((each) => ["refused", "asks"].includes(each.state))) {
      const answer = await ask(entry.url, {}).catch(() => null);
      const standing = answer?.ok ? await answer.json().catch(() => null) : null;
      if (!standing?.counts || standing.version <= seenIn(entry)) continue;
      laporan.forget(entry.trip);
      laporan.remove(entry.device);
      replace(entry.trip, standing);
      laporan.gone(entry, standing.headline);
      laporan.show();
    }
  }
  const replace = (trip, answer) => {
    const of = card(trip);
    if (of && answer.card && document.querySelector("[data-cards]")) laporan.taken(of, answer.card);
  };
  // Another tab has sent it: here too its receipt takes the place of the form.
  addEventListener("storage", async (event) => {
    if (event.key !== laporan.key) return;
    const left = new Set(laporan.queue().map((entry) => entry.trip));
    for (const entry of JSON.parse(event.oldValue ?? "[]")) {
      if (left.has(entry.trip) || !form(entry.trip)) continue;
      const answer = await ask(entry.url, {}).catch(() => null);
      const standing = answer?.ok ? await answer.json().catch(() => null) : null;
      if (standing?.counts) replace(entry.trip, standing);
      laporan.show();
    }
  });

  // What was typed about a stop comes back into its form; a stop without one gets it when something waits for it.
  function restore(of) {
    const trip = of.dataset.card;
    const entry = laporan.entry(trip);
    const draft = laporan.draft(trip);
    const seen = draft.find(([name]) => name === "expected")?.[1];
    const done = of.querySelector("[data-done]");
    let own = form(trip);
    // A draft of another version is older than what the page shows: it would overwrite what somebody sent since.
    const fits = (version) => seen === String(version) && draft.length;
    if (!own && (entry || fits(done?.dataset.version ?? 0))) {
      own = laporan.correct(of);
      // What waits still says which version its writer saw; of two reports that differ, both are seen now.
      if (entry && entry.state !== "conflict") own.elements.expected.value = seenIn(entry);
      if (entry?.state === "conflict" && done) {
        const theirs = { version: Number(done.dataset.version), headline: done.querySelector(".report-says").textContent };
        laporan.change(entry.device, { theirs });
      }
    }
    if (!own) return;
    if (entry) laporan.fill(own, entry.fields);
    if (fits(own.elements.expected.value)) laporan.fill(own, draft);
    if (entry?.said) refusal(own, entry);
  }
  laporan.restore = restore;

  document.addEventListener("input", (event) => {
    const of = event.target.closest("form[data-report]");
    try {
      if (of) laporan.keep(of.dataset.report, typed(of));
    } catch { /* the browser's storage is full or closed */ }
  });
  document.addEventListener("submit", (event) => {
    const of = event.target.closest("form[data-report]");
    if (!of) return;
    const trip = of.dataset.report;
    const before = laporan.entry(trip);
    if (before && before.device === laporan.flying) { // it is on its way: a second press is none
      event.preventDefault();
      return;
    }
    const fields = [...typed(of), ["kind", event.submitter?.value ?? "served"]];
    // What was answered before stays answered; the same report keeps its id, another one gets a new one.
    const device = JSON.stringify(fields) === JSON.stringify(before?.fields) ? before.device : laporan.mint();
    const filled = fields.filter(([name, value]) => value && of.elements.namedItem(name)?.labels?.length);
    const shown = (input) => input.selectedOptions?.[0].textContent ?? input.value;
    const told = filled.map(([name]) => of.elements.namedItem(name)).map((input) => `${input.labels[0].textContent.trim()} ${shown(input)}`);
    const mine = [...(event.submitter?.value === "nihil" ? [laporan.word("nihil")] : []), ...told].join(", ");
    const entry = { trip, url: of.action, label: card(trip).dataset.label, device, fields, mine, state: "waiting" };
    try {
      laporan.keep(trip, typed(of));
      delete card(trip).dataset.editing;
      laporan.save([...laporan.queue().filter((each) => each.trip !== trip), entry]);
    } catch {
      return; // the browser's storage is full or closed: the form goes out as it would without a script
    }
    event.preventDefault();
    round = 0;
    flush();
  }, true);

  addEventListener("online", () => { round = 0; flush(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    flush();
    settle();
  });
  document.querySelector(".account-menu form")?.addEventListener("submit", (event) => {
    if (laporan.queue().length && !confirm(laporan.word("leaving"))) event.preventDefault();
  });
  for (const of of document.querySelectorAll("form[data-report]")) laporan.prepare(of);
  for (const of of document.querySelectorAll("[data-card]")) restore(of);
  // Whoever was sent to the log-in page has come back: what waited for it goes out.
  laporan.save(laporan.queue().map((entry) => (entry.state === "login" ? { ...entry, state: "waiting" } : entry)));
  laporan.look?.();
  flush();
  settle();
  // Without a service worker (plain http) the page itself still keeps everything.
  navigator.serviceWorker?.register("/sw.js").then(keepPage).catch(() => {});
})();
