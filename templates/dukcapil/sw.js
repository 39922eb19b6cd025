// The portal without a connection. Assets come from the cache (their names change with their contents); the pages that are
// meant for the road are kept for the user who read them and shown when the portal cannot be reached; any other page
// says so. Logging out removes the pages (static/dukcapil/portal.js); unsent reports are kept by the page itself.
"use strict";
const ASSETS = "aset-{{ version }}";
const KEPT = [{% for page in offline_pages %}"{{ page|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const STATIC = "{{ static_url|escapejs }}";
const OFFLINE = "{{ offline|escapejs }}";
const LIST = [{% for asset in assets %}"{{ asset|escapejs }}", {% endfor %}OFFLINE];
const PAGE_TIMEOUT_MS = 8000; // then the kept page is shown

addEventListener("install", (event) => {
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(LIST)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
// A page of the daily report asks to be kept as it stands now: when it was opened, and when a report was taken. Whoever
// has logged out meanwhile is not led to the log-in form: unseen, it would replace the token of the form on the screen.
addEventListener("message", (event) => {
  if (event.data !== "keep") return;
  const fresh = fetch(KEPT[0], { credentials: "same-origin", redirect: "manual" });
  event.waitUntil(fresh.then((answer) => keep(KEPT[0], answer)).catch(() => {}));
});

async function page(request, path) {
  const found = await kept(path);
  const stop = new AbortController();
  // Without a kept copy there is nothing better to show: then the browser waits as long as it likes.
  const timer = found && setTimeout(() => stop.abort(), PAGE_TIMEOUT_MS);
  try {
    const answer = await (found ? fetch(request, { signal: stop.signal }) : fetch(request));
    clearTimeout(timer); // it answers: what follows may take its time
    if (KEPT.includes(path)) keep(path, answer.clone()).catch(() => {}); // a full storage is no reason to show an old page
    return answer;
  } catch {
    return found ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}
async function keep(path, answer) {
  const user = answer.headers.get("X-Keep-Offline");
  if (!answer.ok || !user) return;
  // The page is told when it was kept, by this phone's clock: how long ago that was is all it may ask that clock.
  const text = (await answer.text()).replace("data-now=", `data-stored="${Date.now()}" data-now=`);
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  await (await caches.open(`halaman-${user}`)).put(path, new Response(text, { headers }));
  // Only now nothing needs the assets of an earlier version any more, and no page of somebody else is left.
  const old = (name) => (name.startsWith("aset-") && name !== ASSETS) || (name.startsWith("halaman-") && name !== `halaman-${user}`);
  for (const name of await caches.keys()) if (old(name)) await caches.delete(name);
}
async function kept(path) {
  for (const name of await caches.keys()) {
    const found = name.startsWith("halaman-") && (await (await caches.open(name)).match(path));
    if (found) return found;
  }
  return undefined;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, address.pathname));
  else if (address.pathname.startsWith(STATIC)) event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
});
