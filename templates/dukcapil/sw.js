// The portal without a line. Assets come from the cache (their names change with their contents); the pages that are
// meant for the road are kept for the user who read them and shown when the portal cannot be reached; any other page
// says so. Logging out removes the pages (static/dukcapil/portal.js); unsent reports are kept by the page itself.
"use strict";
const ASSETS = "aset-{{ version }}";
const KEPT = [{% for page in kept %}"{{ page|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const OFFLINE = "{{ offline|escapejs }}";
const LIST = [{% for asset in assets %}"{{ asset|escapejs }}", {% endfor %}OFFLINE];
const PATIENCE = 8000; // milliseconds for a page, before the kept one is shown

addEventListener("install", (event) => {
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(LIST)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("aset-") && name !== ASSETS);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

async function page(request, path) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    const user = answer.headers.get("X-Keep-Offline");
    if (answer.ok && user && KEPT.includes(path)) await keep(path, user, answer.clone());
    return answer;
  } catch {
    return (await kept(path)) ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}
async function keep(path, user, answer) {
  const mine = `halaman-${user}`;
  for (const name of await caches.keys()) if (name.startsWith("halaman-") && name !== mine) await caches.delete(name);
  await (await caches.open(mine)).put(path, answer);
}
async function kept(path) {
  for (const name of await caches.keys()) {
    if (!name.startsWith("halaman-")) continue;
    const found = await (await caches.open(name)).match(path);
    if (found) return found;
  }
  return undefined;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, address.pathname));
  else if (LIST.includes(address.pathname)) event.respondWith(caches.match(request, { cacheName: ASSETS }).then((found) => found ?? fetch(request)));
});
