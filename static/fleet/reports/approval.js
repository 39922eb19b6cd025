// The list of reports that wait for a decision. htmx sends the forms and puts the answer in place, so that nothing moves;
// afterwards the focus is on the report after the one that was decided. While the focus is in the list or nowhere, single keys move
// and decide; never while somebody types. The bar that takes an approval back disappears after ten seconds.
(() => {
  "use strict";
  const UNDO_SECONDS = 10;
  const list = () => document.getElementById("persetujuan");
  const reports = () => [...document.querySelectorAll("#persetujuan [data-report]")];
  const current = () => document.activeElement.closest("[data-report]");
  const focus = (element) => {
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
  };

  // Keys
  const move = (step) => {
    const all = reports();
    const at = all.indexOf(current());
    focus(at < 0 ? all[0] : all[at + step]);
  };
  const openReturn = () => {
    const fold = current()?.querySelector("[data-return]");
    if (!fold) return current()?.querySelector("a")?.click(); // a reasonable one is returned on its own page
    fold.open = true;
    fold.querySelector("[name=reason]").select();
  };
  const ACTS = {
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    s: () => current()?.querySelector("[data-approve]")?.click(),
    r: openReturn,
    u: () => document.querySelector(".undo button")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const inList = event.target === document.body || list()?.contains(event.target); // on arrival nothing has the focus
    if (!inList || !ACTS[event.key]) return;
    event.preventDefault();
    ACTS[event.key]();
  });

  // After each act
  let next = ""; // the anchor of the report that comes after what was decided
  document.addEventListener("submit", ({ target, submitter }) => {
    next = (submitter ?? target).closest("[data-next]")?.dataset.next ?? "";
  }, true);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status < 400 && !detail.serverResponse.includes('id="persetujuan"')) { // the log-in page
      detail.shouldSwap = false;
      location.reload();
    }
  });
  document.addEventListener("htmx:afterSwap", () => {
    const target = document.getElementById(next);
    focus(target && target !== list() ? target : reports()[0] ?? document.querySelector(".undo button"));
    wither();
  });
  let timer;
  const wither = () => {
    clearTimeout(timer);
    const bar = document.querySelector(".undo");
    timer = setTimeout(() => {
      if (bar?.contains(document.activeElement)) wither(); // not from under somebody's finger
      else bar?.remove();
    }, UNDO_SECONDS * 1000);
  };
  wither();
  if (location.hash.startsWith("#l")) focus(document.querySelector(location.hash));
})();
