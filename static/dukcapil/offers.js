// Which regions are offered beside a day follows from the day: when it is changed, the page is read again for it, and what
// it offers is taken over (data-offers: the ids, data-parameter: how the address of the page calls the day). A choice stays
// where it is still offered; without an answer everything stays: the portal decides when the form is sent.
"use strict";
document.addEventListener("change", async ({ target }) => {
  const { offers, parameter } = target.dataset;
  if (!offers || !target.value) return;
  const day = target.value;
  const address = new URL(location.href);
  address.searchParams.set(parameter, day);
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || target.value !== day) return; // refused, or changed again meanwhile
    for (const id of offers.split(" ")) {
      const here = document.getElementById(id);
      const fresh = page.getElementById(id);
      if (!here || !fresh) continue;
      const chosen = here.value;
      here.replaceChildren(...fresh.childNodes);
      if (chosen === undefined) continue; // no field
      here.value = chosen;
      if (here.selectedIndex < 0) here.value = "";
    }
  } catch {
    // No connection: what is offered stays.
  }
});
