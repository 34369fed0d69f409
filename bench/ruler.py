"""How long until something can be seen, measured by the page itself.

A driver that asks again and again whether a text is there does so in the same throttled page, and measures its own
asking. Here the page watches itself for changes and takes the time two frames after the text came.
"""

from playwright.sync_api import BrowserContext, Locator, Page

# Milliseconds since the page was opened, once its text has this in it and that was painted.
_SEEN = """(text) => new Promise((done) => {
  const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  const here = () => document.documentElement?.textContent.includes(text);
  if (here()) return painted();
  const observer = new MutationObserver(() => { if (here()) { observer.disconnect(); painted(); } });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
})"""
_KEY = "bench.ruler"


def install(context: BrowserContext) -> None:
    """Have every page of this browser watch for the text that `after_reload` names."""
    context.add_init_script(
        f"const wanted = sessionStorage.getItem('{_KEY}'); if (wanted) window.ruler = ({_SEEN})(wanted);"
    )


def after_reload(page: Page, text: str) -> float:
    """Milliseconds from the beginning of a reload until a text is painted."""
    page.evaluate("([key, text]) => sessionStorage.setItem(key, text)", [_KEY, text])
    page.reload(wait_until="commit")
    return float(page.evaluate("window.ruler"))


def after_tap(target: Locator, text: str) -> float:
    """Milliseconds from a tap until a text that was not there before is painted."""
    return float(
        target.evaluate(
            f"async (target, text) => {{ const from = performance.now(); const seen = ({_SEEN})(text); "
            "target.click(); return (await seen) - from; }",
            text,
        )
    )
