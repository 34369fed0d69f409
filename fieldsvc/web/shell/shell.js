/*
 * The first page: something to see at once, then the worker, then the app from the phone. A browser without workers
 * (WeChat on iPhones, plain http) loads the app over the network each time; it fills and sends, but keeps nothing safe.
 */
(() => {
  const page = document.documentElement;
  const root = "/app/" + page.dataset.release + "/";
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
      link.href = root + path;
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
      .then(() => import(root + "main.js"))
      .catch(trouble);
  };

  say("正在打开…", "Opening…");
  part("again").onclick = () => location.reload();
  if (!worker) return open();
  worker.addEventListener("message", ({ data }) => {
    const far = part("far");
    if (!far || !data.total) return;
    far.hidden = false;
    far.value = data.done / data.total;
    say("第一次打开，正在装到手机…", "First time: putting the app on this phone…");
  });
  if (worker.controller) open();
  else worker.addEventListener("controllerchange", open, { once: true });
  worker.register("/sw.js").then(
    (registration) => {
      const first = registration.installing;
      // The installation failed for want of signal: say so rather than show a bar that stands still.
      if (first) first.addEventListener("statechange", () => first.state === "redundant" && !worker.controller && trouble());
    },
    () => open(),
  );
})();
