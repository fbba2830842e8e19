{% load i18n static %}{% translate "Something waits for you" as waits %}// Keeps Help now, the ways back to calm, the look and the scripts on this device. Every other page comes from the network.
// Where it is away or says nothing, a page that was kept for the one who is signed in is opened with their key (see
// offline/store.js), as Help now and the ways back to calm are for everybody; for all else the reader is shown Help now.
const KEPT = "hearth-kept-{{ version }}";
const HELP = "{% url 'web:help-now' %}";
const FILES = [HELP, "{% url 'skills:calm' %}", {% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const STATIC = "{% get_static_prefix %}";
const NOTICES = "hearth-notices"; // see offline/notices.js
const PATIENCE = 8000; // milliseconds for a page before one that was kept is shown

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== KEPT && name !== NOTICES).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith(STATIC)) event.respondWith(fetch(request).catch(() => file(pathname)));
});

// A page that was opened or kept before this worker came asks for files of then, by the mark of their version: it gets
// those of now.
const MARK = /\.[0-9a-f]{12}(?=\.\w+$)/;
const kept = async (path) => (await caches.match(path)) ?? (await caches.match(path.replace(MARK, "")));
const file = async (path) => (await kept(path)) ?? Response.error();

// A push holds nothing. What is shown says nothing, and stands there once however often it comes.
self.addEventListener("push", (event) => event.waitUntil(show()));

async function show() {
  const kept = async (what) => (await caches.match(`/notices/${what}`, { cacheName: NOTICES }))?.text();
  const body = (await kept("words")) ?? "{{ waits|escapejs }}";
  const icon = (await kept("icon")) ?? "{% static 'web/favicon.svg' %}";
  return self.registration.showNotification((await kept("name")) ?? "Hearth", { body, tag: "waits", icon });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("{% url 'web:today' %}"));
});

async function page(request, pathname) {
  const fresh = fetch(request);
  const sealed = await keptAt(pathname).catch(() => null);
  const kept = sealed ?? (FILES.includes(pathname) ? await caches.match(pathname) : null);
  const late = kept && new Promise((show) => setTimeout(show, PATIENCE, kept));
  return (late ? Promise.race([fresh, late]) : fresh).catch(async () => kept ?? (await caches.match(HELP)));
}

const row = (store, key) =>
  new Promise((found, failed) => {
    const asked = indexedDB.open("hearth-kept");
    asked.onupgradeneeded = () => asked.transaction.abort(); // nothing was ever kept here
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      const sought = asked.result.transaction(store).objectStore(store).get(key);
      sought.onsuccess = () => found(sought.result);
      sought.onerror = () => failed(sought.error);
      asked.result.close();
    };
  });

async function keptAt(pathname) {
  const found = await row("pages", pathname);
  const held = found && (await row("keys", found.owner));
  if (!held || Math.min(found.until, held.until) < Date.now() + held.skew) return null;
  if (held.lock && Date.now() - held.seen > held.lock) return null; // its owner chose that their devices lock
  const additionalData = new TextEncoder().encode(`${found.owner} ${pathname}`);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv, additionalData }, held.key, found.sealed);
  const { policy, html } = JSON.parse(new TextDecoder().decode(plain));
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy } });
}
