// Copies a text with one button, also with one that came to the page later: of a field its value, else the words themselves.
// Where the browser can hand it to another application (WhatsApp on a phone), there is a button for that too.
// Where the browser keeps the clipboard to itself, the text is selected instead.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
if (navigator.share) for (const button of document.querySelectorAll("[data-share]")) button.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  navigator.share({ text: document.getElementById(button.dataset.share).value }).catch(() => {}); // put away: nothing is shared
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  const status = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
  try {
    await navigator.clipboard.writeText(text.value ?? text.textContent);
    status.textContent = button.dataset.done;
  } catch {
    text.focus();
    if (text.select) text.select();
    else getSelection().selectAllChildren(text);
    status.textContent = button.dataset.select;
  }
});
