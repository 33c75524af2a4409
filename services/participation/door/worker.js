"use strict";
// Keeps the page, and nothing else, so that it opens without a connection. Version {{.Version}}
const kept = "vointi-checkin-{{.Version}}";
const assets = ["/checkin", "/checkin?lang=fi", "/checkin?lang=sv", "/checkin?lang=en", "/checkin/door.js", "/checkin/door.css"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll(assets)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("vointi-checkin-") && name !== kept;
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !assets.includes(url.pathname)) return;
  event.respondWith(newest(event.request, url));
});

// newest asks the server first; without it, what was kept is served.
async function newest(request, url) {
  const cache = await caches.open(kept);
  const language = url.searchParams.get("lang");
  const place = assets.includes(url.pathname + "?lang=" + language) ? url.pathname + "?lang=" + language : url.pathname;
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) await cache.put(place, response.clone());
    if (response.status < 500) return response;
  } catch { /* no connection */ }
  return await cache.match(place) || Response.error();
}
