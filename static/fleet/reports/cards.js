// The stops on the page: forms made for folded ones, what a card says while its report is only on this phone, and the
// counts in the headings. A card is any element with data-card (templates/fleet/reports/_facts.html).
"use strict";
if (laporan) (() => {
  const { word, icon } = laporan;
  const NOT_TYPED = ["csrfmiddlewaretoken", "device", "kind"];
  const NOT_FILLED = ["expected", "stop", "confirmed", "kind"]; // of the page as it stands now, or of several buttons
  const ON_ITS_WAY = ["waiting", "login"];
  const make = (kind, text = "", traits = {}) => Object.assign(document.createElement(kind), { textContent: text, ...traits });
  const button = (text, act, kind = "button") => {
    const element = make("button", text, { type: "button", className: kind });
    element.addEventListener("click", act);
    return element;
  };
  const card = (trip) => document.querySelector(`[data-card="${trip}"]`);
  const form = (trip) => document.querySelector(`form[data-report="${trip}"]`);
  const typed = (of) => [...new FormData(of)].filter(([name]) => !NOT_TYPED.includes(name));
  const fill = (of, fields) => {
    for (const [name, value] of fields) {
      const field = of.elements.namedItem(name);
      if (!field || NOT_FILLED.includes(name)) continue;
      field.value = value;
      if (value) field.closest("details")?.setAttribute("open", "");
    }
  };

  // The form of a stop, made of the blank one; `expected`: the version that its writer sees, `fields`: what it begins with.
  function open(of, { expected = 0, fields = [], correcting = false } = {}) {
    const trip = of.dataset.card;
    const grown = document.getElementById("formulir").content.querySelector("form").cloneNode(true);
    for (const element of [grown, ...grown.querySelectorAll("[id], [for]")]) {
      if (element.id) element.id = element.id.replace(/^t0_/, `t${trip}_`).replace("form-0", `form-${trip}`);
      if (element.htmlFor) element.htmlFor = element.htmlFor.replace(/^t0_/, `t${trip}_`);
    }
    grown.dataset.report = trip;
    grown.action = grown.getAttribute("action").replace("/0/", `/${trip}/`);
    const offered = of.dataset.services.split(" ");
    const others = grown.querySelector("[data-others]");
    for (const field of grown.querySelectorAll("[data-offered] .field")) {
      if (!offered.includes(field.querySelector("input").name)) others.append(field);
    }
    grown.elements.stop.value = of.dataset.stop;
    grown.elements.expected.value = expected;
    if (!correcting) grown.elements.reason.closest(".field").remove();
    grown.querySelector("[data-as=correction]").hidden = !correcting;
    grown.querySelector("[data-as=report]").hidden = correcting;
    const before = form(trip);
    fill(grown, before ? typed(before) : []);
    fill(grown, fields);
    if (before) before.replaceWith(grown);
    else of.append(grown);
    prepare(grown);
    const done = of.querySelector("[data-done]");
    const cancel = grown.querySelector("[data-cancel]");
    cancel.hidden = !done && !of.querySelector("[data-way]");
    cancel.addEventListener("click", () => close(of));
    for (const element of of.querySelectorAll("[data-done], [data-way]")) element.hidden = true;
    return grown;
  }
  // The correction is not wanted after all.
  function close(of) {
    const entry = laporan.entry(of.dataset.card);
    laporan.forget(of.dataset.card);
    form(of.dataset.card)?.remove();
    for (const element of of.querySelectorAll("[data-done], [data-way]")) element.hidden = false;
    if (entry) laporan.remove(entry.device);
    (of.querySelector("[data-done]") ?? of.querySelector("[data-open]"))?.focus();
    show();
  }
  function prepare(of) {
    for (const fold of of.querySelectorAll("[data-fold]")) {
      fold.hidden = false;
      fold.addEventListener("click", () => {
        fold.closest("details").open = false;
        fold.closest("details").querySelector("summary").focus();
      });
    }
  }
  // The report that stands, opened to be corrected where it is shown.
  const correct = (of, fields = []) => {
    const done = of.querySelector("[data-done]");
    return open(of, done
      ? { expected: Number(done.dataset.version), fields: [...JSON.parse(done.dataset.sent), ...fields], correcting: true }
      : { fields });
  };
  // The portal has it: its receipt takes the place of the form.
  function taken(of, html) {
    form(of.dataset.card)?.remove();
    for (const element of of.querySelectorAll("[data-done], [data-way], [data-returned], [data-gone]")) element.remove();
    of.classList.remove("report-returned");
    delete of.dataset.awaited;
    delete of.dataset.editing;
    of.insertAdjacentHTML("beforeend", html);
    return of.querySelector("[data-done]");
  }

  // What waits on this phone
  const link = (text, href) => make("a", text, { className: "button", href });
  function acts(entry, of) {
    const place = make("p", "", { className: "actions" });
    const drop = () => {
      laporan.forget(entry.trip);
      laporan.remove(entry.device);
      if (of?.querySelector("[data-done]")) close(of);
    };
    if (entry.state === "login") place.append(link(word("again"), `/masuk/?next=${encodeURIComponent(location.pathname)}`));
    if (ON_ITS_WAY.includes(entry.state)) {
      if (of && form(entry.trip)) place.append(button(word("edit"), () => {
        of.dataset.editing = "1";
        show();
        form(entry.trip).querySelector("input:not([type=hidden])").focus();
      }));
    } else if (entry.state === "conflict" && of) {
      if (!form(entry.trip)?.elements.reason) place.append(button(word("mend"), () => {
        open(of, { expected: entry.theirs.version, fields: entry.fields, correcting: true }).elements.reason.focus();
        show();
      }));
      place.append(button(word("leave"), () => { drop(); location.reload(); }));
    } else {
      if (!of) place.append(link(word("open"), entry.url));
      place.append(button(word("drop"), () => {
        place.replaceChildren(make("span", word("dropped")), button(word("yes"), drop), button(word("no"), () => show(true)));
        place.querySelector("button").focus();
      }));
    }
    return place;
  }
  const isFlying = (entry) => entry.state === "waiting" && entry.device === laporan.flying;
  function told(entry, of) {
    const wrong = !ON_ITS_WAY.includes(entry.state);
    const place = make(of ? "div" : "li", "", { className: `kept${wrong ? " kept-wrong" : ""}` });
    Object.assign(place.dataset, { kept: "", state: entry.state });
    const head = make("p", "", { className: "kept-head" });
    const sentence = word(isFlying(entry) ? "sending" : entry.state);
    head.append(icon(wrong ? "wrong" : "kept"), make("span", of ? sentence : `${entry.label}: ${sentence}`));
    place.append(head);
    const own = of && form(entry.trip);
    const atField = own && Object.keys(entry.errors ?? {}).some((name) => own.elements.namedItem(name)?.closest?.(".field"));
    if (wrong && entry.said && !atField) place.append(make("p", entry.said));
    if (entry.theirs) place.append(make("p", `${word("theirs")} ${entry.theirs.headline ?? entry.theirs}`));
    // Beside the form itself they need no telling.
    if (entry.mine && (!of || ON_ITS_WAY.includes(entry.state) || entry.state === "conflict")) place.append(make("p", `${word("mine")} ${entry.mine}`));
    if (!isFlying(entry)) place.append(acts(entry, of));
    return place;
  }
  // The card itself says that its report is on this phone; the form is folded away until it is wanted again.
  function showCard(of, entry) {
    const news = entry ? JSON.stringify([entry.device, entry.state, entry.said, isFlying(entry)]) : "";
    const before = of.querySelector("[data-kept]");
    const own = form(of.dataset.card);
    if (own) own.hidden = Boolean(entry) && ON_ITS_WAY.includes(entry.state) && !of.dataset.editing;
    if (!entry) delete of.dataset.editing;
    if ((of.dataset.news ?? "") === news) return;
    of.dataset.news = news;
    if (!entry) before?.remove();
    else if (before) before.replaceWith(told(entry, of));
    else (own ?? of.lastElementChild)[own ? "before" : "after"](told(entry, of));
  }
  function showCounts(entries) {
    const pressed = new Set(entries.map((entry) => entry.trip));
    const left = (within) => [...within.querySelectorAll("[data-awaited]")].filter((each) => !pressed.has(each.dataset.card)).length;
    for (const group of document.querySelectorAll("[data-counted]")) {
      const count = group.querySelector("[data-count]");
      count.hidden = !left(group);
      count.textContent = laporan.counted("expected", left(group));
    }
    const heading = document.querySelector("[data-heading]");
    if (!heading) return;
    const awaited = left(document);
    const signal = entries.filter((entry) => ON_ITS_WAY.includes(entry.state)).length;
    const wrong = entries.length - signal;
    if (awaited) heading.textContent = laporan.counted("awaited", awaited);
    else if (document.querySelector("[data-awaited]")) heading.textContent = word("filled");
    else if (document.querySelector("[data-done]")) heading.textContent = word("all");
    const parts = [];
    if (signal) parts.push(`${signal} ${word("signal")}`);
    if (wrong) parts.push(`${wrong} ${word("wrong")}`);
    const line = parts.join(" · ") + (signal ? `. ${word("stay")}` : "");
    const counts = document.querySelector("[data-counts]");
    if (counts.textContent !== line) counts.textContent = line;
  }
  function show(again = false) {
    const entries = laporan.queue();
    for (const of of document.querySelectorAll("[data-card]")) {
      if (again === true) delete of.dataset.news;
      showCard(of, entries.find((entry) => entry.trip === of.dataset.card));
    }
    const others = entries.filter((entry) => !card(entry.trip));
    laporan.box.hidden = !others.length;
    laporan.box.querySelector("[data-entries]").replaceChildren(...others.map((entry) => told(entry)));
    showCounts(entries);
  }
  // A report was mended elsewhere: the entry is gone, and this says so once.
  function gone(entry, headline) {
    const of = card(entry.trip);
    const place = make("div", "", { className: "kept" });
    place.dataset.gone = "";
    place.setAttribute("role", "status");
    place.append(make("p", `${of ? "" : `${entry.label}: `}${word("gone")} ${headline}`));
    if (entry.mine) place.append(make("p", `${word("mine")} ${entry.mine}`));
    const way = make("p", "", { className: "actions" });
    way.append(button(word("close"), () => place.remove()));
    place.append(way);
    if (of) of.append(place);
    else laporan.box.before(place);
  }

  document.addEventListener("click", (event) => {
    const way = event.target.closest("[data-open]");
    const of = way?.closest("[data-card]");
    // On the list of several cities a form opens on its own page, unless the portal is out of reach.
    if (!of || !(of.closest("[data-here]") || !navigator.onLine)) return;
    event.preventDefault();
    const grown = correct(of);
    (grown.elements.reason ?? grown.querySelector("input:not([type=hidden])")).focus();
    show();
  });
  laporan.onChange(show);
  Object.assign(laporan, { card, form, typed, fill, open, correct, taken, gone, prepare, show, make });
})();
