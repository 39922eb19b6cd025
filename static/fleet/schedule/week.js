// Moves a stop to another cell of the week, by dragging or by keyboard: Space picks it up, arrows choose a cell, Space
// puts it down, Escape leaves it. The form "pindah" does the work; without this script the stop's own page moves it.
(() => {
  "use strict";
  const form = document.getElementById("pindah");
  const words = document.getElementById("pindah-kata")?.content;
  const status = document.getElementById("pindah-kabar");
  if (!form || !words) return;
  const word = (name) => words.querySelector(`[data-word="${name}"]`).textContent;
  let held = null;
  let over = null;

  const mark = (cell) => {
    over?.classList.remove("over");
    over = cell;
    over?.classList.add("over");
    if (cell) status.textContent = "closed" in cell.dataset ? word("closed") : `${word("over")} ${cell.dataset.says}`;
  };
  const leave = () => {
    held?.classList.remove("held");
    held = null;
    mark(null);
  };
  const put = (trip, cell) => {
    if (!cell || "closed" in cell.dataset || cell.contains(trip)) {
      status.textContent = word(cell && "closed" in cell.dataset ? "closed" : "left");
      leave();
      return;
    }
    form.action = trip.dataset.move;
    form.elements.van.value = cell.dataset.van;
    form.elements.day.value = cell.dataset.day;
    form.submit();
  };
  const beside = (cell, key) => {
    const row = cell.parentElement;
    const place = [...row.children].indexOf(cell);
    if (key === "ArrowLeft") return cell.previousElementSibling?.dataset.day ? cell.previousElementSibling : cell;
    if (key === "ArrowRight") return cell.nextElementSibling ?? cell;
    const other = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
    return other?.children[place] ?? cell;
  };

  for (const trip of document.querySelectorAll("[data-trip]")) {
    trip.draggable = true;
    trip.addEventListener("dragstart", (event) => {
      held = trip;
      event.dataTransfer.setData("text/plain", trip.dataset.trip);
      event.dataTransfer.effectAllowed = "move";
    });
    trip.addEventListener("dragend", leave);
    trip.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        if (held === trip) {
          put(trip, over);
        } else {
          held = trip;
          trip.classList.add("held");
          mark(trip.closest("td"));
          status.textContent = word("picked");
        }
      } else if (held === trip && event.key.startsWith("Arrow")) {
        event.preventDefault();
        mark(beside(over, event.key));
        over.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else if (held === trip && event.key === "Escape") {
        status.textContent = word("left");
        leave();
      }
    });
    trip.addEventListener("blur", () => { if (held === trip && trip.classList.contains("held")) leave(); });
  }
  for (const cell of document.querySelectorAll(".week td[data-day]")) {
    cell.addEventListener("dragover", (event) => {
      if (!held) return;
      mark(cell);
      if (!("closed" in cell.dataset)) event.preventDefault();
    });
    cell.addEventListener("drop", (event) => {
      event.preventDefault();
      put(held, cell);
    });
  }
})();
