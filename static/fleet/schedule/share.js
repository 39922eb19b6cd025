// Hands a text to another app of the phone, where the browser can do that; else the button beside it copies.
"use strict";
if (navigator.share) {
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.share({ text: document.getElementById(button.dataset.share).value }).catch(() => {}); // closed again: nothing is lost
    });
  }
}
