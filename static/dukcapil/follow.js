// While something is worked on, look every two seconds; when it is done, show the whole page anew.
"use strict";
(() => {
  const follow = async () => {
    const here = document.querySelector("[data-follow]");
    if (!here) return;
    try {
      const answer = await fetch(here.dataset.follow, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-follow]");
      if (answer.redirected || !fresh) return location.assign(here.dataset.follow);
      if (fresh.innerHTML !== here.innerHTML) here.replaceChildren(...fresh.childNodes);
    } catch {
      // No connection: the link "Muat ulang" stays, and the work goes on.
    }
    setTimeout(follow, 2000);
  };
  setTimeout(follow, 2000);
})();
