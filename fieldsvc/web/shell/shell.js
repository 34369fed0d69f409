/*
 * The first page: something to see at once, then the pack, then the worker, then the app from the phone. The pack is
 * fetched here rather than by the worker, because that starts a round trip earlier and can show how far it got. A
 * browser without workers (WeChat on iPhones, plain http) loads the app over the network each time; it fills and
 * sends, but keeps nothing safe.
 */
(() => {
  const page = document.documentElement;
  const root = "/app/" + page.dataset.release;
  const pack = root + ".pack";
  const worker = navigator.serviceWorker;
  const part = (id) => document.getElementById(id);
  const chinese = !/^en/i.test(navigator.language);
  const say = (zh, en) => {
    const line = part("say");
    if (line) line.textContent = chinese ? zh : en;
  };
  let opened = false;

  const style = (path) =>
    new Promise((resolve, reject) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = root + "/" + path;
      link.onload = resolve;
      link.onerror = reject;
      document.head.append(link);
    });
  const trouble = () => {
    opened = false;
    say("没有打开。请在有信号的地方再试。", "It did not open. Try again where there is signal.");
    const again = part("again");
    if (again) again.hidden = false;
  };
  const open = () => {
    if (opened) return;
    opened = true;
    Promise.all(page.dataset.styles.split(" ").filter(Boolean).map(style))
      .then(() => import(root + "/main.js"))
      .then((app) => app.start())
      .catch(trouble);
  };
  const keep = async (coming, stop) => {
    const cache = await caches.open("app");
    if (await cache.match(pack)) return stop.abort();
    say("第一次打开，正在装到手机…", "First time: putting the app on this phone…");
    const response = await coming;
    const total = response.headers.get("Fieldsvc-Size");
    if (!response.ok || !total) throw response.status;
    const add = (names) => names.split(" ").map((name) => cache.add(root + "/parts/" + name).catch(() => {}));
    // What signing in shows is outside the pack; it comes beside it, a round trip earlier than when it is wanted.
    const first = add("before.js me.js parts.css");
    const far = part("far");
    far.hidden = false;
    const reader = response.body.getReader();
    const pieces = [];
    let bytes = 0;
    let visit;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      pieces.push(value);
      far.value = (bytes += value.length) / total;
      // The line is idle while somebody signs in. What nearly every visit needs to be filled in comes then, if it is
      // asked for a round trip before: three seconds of a line of 2G are a quarter of the pack.
      if (far.value > 0.75) visit ||= add("aim.js calendar.js camera.js distance.js position.js signature.js");
    }
    await Promise.all(first);
    await cache.put(pack, new Response(new Blob(pieces)));
  };

  say("正在打开…", "Opening…");
  part("again").onclick = () => location.reload();
  if (!worker) return open();
  if (worker.controller) {
    open();
    worker.register("/sw.js").catch(() => {});
    return;
  }
  worker.addEventListener("controllerchange", open, { once: true });
  // Before anything else is asked for: on the connection that brought the page, a further one costs a round trip.
  const stop = new AbortController();
  const coming = fetch(pack, { signal: stop.signal });
  // Where the pack was here already nobody waits for it.
  coming.catch(() => {});
  // The worker comes while the pack is on its way, and waits for it: it installs under the same lock.
  const both = async () => {
    const registered = worker.register("/sw.js");
    await keep(coming, stop);
    const first = (await registered).installing;
    // The installation failed for want of signal: say so rather than show a bar that stands still.
    if (first) first.addEventListener("statechange", () => first.state === "redundant" && !worker.controller && trouble());
  };
  (navigator.locks ? navigator.locks.request("pack", both) : both()).catch(trouble);
})();
