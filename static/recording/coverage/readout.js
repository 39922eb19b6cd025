// Reads one day off the burn-up: pointer, finger or arrow keys move a marker, and the numbers above the chart follow. Without
// this script they stay those of the last day, and the table below says the rest. Values: recording/coverage/charts/burn_up.py.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg", DAY = 864e5, WEEK = 7, MISSING = "–";
  const language = document.documentElement.lang === "id" ? "id-ID" : "en-GB";
  const people = new Intl.NumberFormat(language);
  const dayParts = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const dayWords = (day) => {
    const part = Object.fromEntries(dayParts.formatToParts(day).map(({ type, value }) => [type, value]));
    return `${part.weekday}, ${part.day} ${part.month} ${part.year}`;
  };
  const signed = (number) => (number > 0 ? "+" : number < 0 ? "−" : "") + people.format(Math.abs(number));
  const sums = (added) => {
    let sum = 0;
    return added.map((number) => (sum += Number(number)));
  };

  const setUp = (slider) => {
    const figure = slider.closest("figure"), pictures = [...figure.querySelectorAll(".burn-up")];
    const { first, people: added, plan: planned, days, low, high } = slider.dataset;
    const own = added.split(","), totals = sums(own), plan = planned ? sums(planned.split(",")) : null;
    const last = own.length - 1; // the first number is what was recorded before
    let shown = last;

    const mark = (picture, name, tag, attributes) => {
      const of = picture.querySelector(`.${name}`) ?? picture.appendChild(document.createElementNS(SVG, tag));
      for (const [key, value] of Object.entries({ class: name, ...attributes })) of.setAttribute(key, value);
    };
    const draw = (picture) => {
      const [left, top, right, bottom] = picture.dataset.frame.split(" ").map(Number);
      const x = left + ((right - left) * shown) / days;
      const y = (value) => bottom - ((bottom - top) * (value - low)) / (high - low);
      mark(picture, "marker", "path", { d: `M${x.toFixed(1)} ${top}V${bottom}` });
      if (plan) mark(picture, "marker-plan", "circle", { cx: x.toFixed(1), cy: y(plan[shown]).toFixed(1), r: 3.5 });
      mark(picture, "marker-dot", "circle", { cx: x.toFixed(1), cy: y(totals[shown]).toFixed(1), r: 4.5 });
    };
    const say = (name, words) => (figure.querySelector(`[data-say="${name}"]`).textContent = words);
    const read = () => {
      say("day", dayWords(new Date(Date.parse(first) + (shown - 1) * DAY)));
      say("total", people.format(totals[shown]));
      say("own", own[shown] === "" ? MISSING : people.format(own[shown]));
      say("plan", plan ? people.format(plan[shown]) : MISSING);
      say("gap", plan ? signed(totals[shown] - plan[shown]) : MISSING);
      const words = [...figure.querySelectorAll(".readout b, .readout dl > div")];
      slider.setAttribute("aria-valuenow", shown);
      slider.setAttribute("aria-valuetext", words.map((part) => [...part.childNodes].map((node) => node.textContent).join(" ")).join(", "));
    };
    const show = (day) => {
      shown = Math.min(Math.max(day, 1), last);
      read();
      pictures.forEach(draw);
    };
    const showAt = (event) => {
      const picture = pictures.find((one) => one.getClientRects().length), box = picture.getBoundingClientRect();
      const [left, , right] = picture.dataset.frame.split(" ").map(Number);
      const x = ((event.clientX - box.left) / box.width) * picture.viewBox.baseVal.width;
      show(Math.round(((x - left) / (right - left)) * days));
    };

    slider.addEventListener("pointerdown", showAt);
    slider.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" || event.buttons) showAt(event);
    });
    slider.addEventListener("focus", () => show(shown));
    slider.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? WEEK : 1;
      const days = {
        ArrowLeft: shown - step, ArrowDown: shown - step, ArrowRight: shown + step, ArrowUp: shown + step,
        PageDown: shown - WEEK, PageUp: shown + WEEK, Home: 1, End: last,
      };
      if (!(event.key in days) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      show(days[event.key]);
    });
    slider.setAttribute("aria-valuemin", 1);
    slider.setAttribute("aria-valuemax", last);
    read();
    slider.hidden = false;
    figure.dataset.ready = "";
  };
  const start = () => document.querySelectorAll("[data-readout][hidden]").forEach(setUp);
  start();
  document.addEventListener("htmx:afterSettle", start); // another document, period or range came into the page
})();
