// Suggestions below a field for a region (templates/recording/regions/_finder.html), as the pattern "combobox with a list"
// has it: arrows choose, Enter takes, Escape closes, a finger or the pointer takes too. data-finder: the address that
// answers with the options; data-day: the id of the field whose day they are for; data-goes: taking one leads to its page,
// else it is written into the field, with its code. Without an answer the field stays what it is: text that the portal reads.
(() => {
  "use strict";
  const WAIT = 120; // milliseconds after the last key
  const start = (box) => {
    const input = box.querySelector("input");
    const list = box.querySelector("[role=listbox]");
    const said = box.querySelector("[role=status]");
    const goes = "goes" in box.dataset;
    let timer = 0;
    let answered = Promise.resolve();
    let asked = null; // the text for which the list is, or will be
    let chosen = -1;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    const options = () => list.querySelectorAll("[role=option]");
    const close = () => {
      clearTimeout(timer);
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      mark(-1);
    };
    const mark = (place) => {
      chosen = place;
      options().forEach((option, number) => option.setAttribute("aria-selected", number === place ? "true" : "false"));
      const option = options()[place];
      if (!option) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };
    const show = (html) => {
      const answer = document.createElement("template");
      answer.innerHTML = html;
      said.textContent = answer.content.querySelector("p")?.textContent ?? "";
      list.replaceChildren(...answer.content.querySelectorAll("li"));
      options().forEach((option, number) => { option.id = `${list.id}-${number}`; });
      list.hidden = !options().length || document.activeElement !== input;
      input.setAttribute("aria-expanded", String(!list.hidden));
      mark(input.value.trim() && !list.hidden ? 0 : -1); // an empty field offers, and takes nothing unasked
    };
    const ask = () => {
      clearTimeout(timer);
      const text = input.value.trim();
      if (text === asked && !list.hidden) return answered;
      asked = text;
      if (goes && !text) {
        close();
        return answered;
      }
      const address = new URL(box.dataset.finder, location.href);
      address.searchParams.set("q", text);
      const day = box.dataset.day && document.getElementById(box.dataset.day)?.value;
      if (day) address.searchParams.set("hari", day);
      answered = fetch(address, { headers: { Accept: "text/html" } })
        .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject(answer.status)))
        .then((html) => { if (asked === text) show(html); })
        .catch(() => close()); // no connection: the portal reads what was typed when the form is sent
      return answered;
    };
    const take = (option) => {
      if (goes) {
        location.assign(option.dataset.goesTo);
        return;
      }
      input.value = asked = option.dataset.value;
      box.querySelectorAll(".finder-choices input").forEach((each) => { each.checked = false; });
      close();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("focus", () => { if (!goes && !input.value) ask(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", async (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const was = chosen;
        if (list.hidden) {
          asked = null;
          await ask();
        }
        const count = options().length;
        if (count && !(list.hidden)) mark(was < 0 ? (step > 0 ? 0 : count - 1) : (was + step + count) % count);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "Enter") {
        const text = input.value.trim();
        if (!list.hidden && asked === text) {
          if (chosen < 0) return;
          event.preventDefault();
          take(options()[chosen]);
        } else if (text && goes) {
          event.preventDefault(); // quicker than the answer: it leads to the first one when it comes
          await ask();
          if (!list.hidden && options()[0]) take(options()[0]);
          else input.form.requestSubmit();
        }
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
  };
  document.querySelectorAll("[data-finder]").forEach(start);

  const first = document.querySelector("[data-slash]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const shown = first?.offsetParent ? first : document.querySelector(".head-search-link");
    if (!shown) return;
    event.preventDefault();
    shown.focus();
    shown.select?.();
  });
})();
