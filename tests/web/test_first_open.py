"""The app on a phone that has never seen it, without signal, and on the day of an update: in a real browser."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from fieldsvc.web.assets import Release
from tests.forms.filled import definition
from tests.support.browser import OpenBrowser, until
from tests.web.definitions import ALWAYS, ALWAYS_HERE, UNTIL_HERE
from tests.web.shop import UNTIL_WAITING, Shop, changed

pytestmark = pytest.mark.browser

SIGN_IN = re.compile("^登录$")


def complaints(page: Page) -> list[str]:
    """What the browser complains about from now on; a violated policy is an error on the console."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


# In a page: until all of these are kept on the phone.
UNTIL_KEPT = """(paths) => new Promise((resolve) => {
    const kept = (path) => caches.match(path);
    const look = async () => ((await Promise.all(paths.map(kept))).every(Boolean) ? resolve() : setTimeout(look, 20));
    look();
})"""


def test_a_phone_gets_the_whole_app_in_four_requests_and_beside_it_what_signing_in_and_a_visit_use(
    shop: Shop, open_browser: OpenBrowser, release: Release
) -> None:
    uses = definition("visit")["uses"]
    page = open_browser().page
    said = complaints(page)
    page.goto(shop.url)
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    assert said == []
    parts = [f"/app/{release.id}/parts/{name}" for name in ("before.js", "me.js", "parts.css")]
    parts += [f"/app/{release.id}/parts/{name}.js" for name in uses]
    page.evaluate(UNTIL_KEPT, parts)
    app = [address for address in shop.asked if not re.match(r"/(icon|manifest|api)", address)]
    assert sorted(app) == sorted(["/", f"/app/{release.id}.pack", "/sw.js", release.worker_path, *parts])


def test_the_pack_is_the_first_thing_a_new_phone_asks_for_after_the_page(
    shop: Shop, open_browser: OpenBrowser, release: Release
) -> None:
    """On the open connection: whatever comes second waits a round trip for one more."""
    page = open_browser().page
    page.goto(shop.url, wait_until="commit")
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    begun = page.evaluate("performance.getEntriesByType('resource').map((one) => [one.startTime, one.name])")
    assert min(begun)[1] == f"{shop.url}/app/{release.id}.pack"


def test_the_app_opens_without_signal_even_after_the_phone_was_switched_off(
    shop: Shop, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    browser.page.goto(shop.url)
    expect(browser.page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    browser.close()
    shop.stop()
    page = open_browser(browser.profile).page
    said = complaints(page)
    page.goto(shop.url)
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    assert [text for text in said if "Content Security Policy" in text] == []


def test_an_update_waits_and_then_brings_only_the_changed_file(
    shop: Shop, open_browser: OpenBrowser, release: Release
) -> None:
    page = open_browser().page
    page.goto(shop.url)
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    after = changed(release, "locales/zh.js", release.files["locales/zh.js"].replace("登录", "进入"))
    shop.publishes(after)
    page.goto(shop.url)
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    page.evaluate(UNTIL_WAITING, True)
    assert f"/app/{after.id}.pack?have={release.id}" in shop.asked
    page.reload()
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.waiting.postMessage('take-over'))")
    page.evaluate(UNTIL_WAITING, False)
    page.reload()
    expect(page.get_by_role("button", name=re.compile("^进入$"))).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.release") == after.id


def test_a_part_that_did_not_change_is_carried_over_and_one_that_did_is_fetched(
    shop: Shop, open_browser: OpenBrowser, release: Release
) -> None:
    page = open_browser().page
    page.goto(shop.url)
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    page.evaluate("(path) => fetch(path).then(() => {})", f"/app/{release.id}/parts/counter.js")
    after = changed(release, "parts/counter.js", "export const Widget = null;")
    shop.publishes(after)
    page.goto(shop.url)
    page.evaluate(UNTIL_WAITING, True)
    kept = page.evaluate("caches.open('app').then((all) => all.keys()).then((keys) => keys.map((key) => key.url))")
    assert {
        f"{shop.url}/app/{after.id}/parts/{name}" for name in ("before.js", "counter.js", "me.js", "parts.css")
    } <= set(kept)
    # The others no form asks for: what every phone keeps comes with an update at once.
    fetched = {f"/app/{after.id}/parts/{name}.js" for name in ("counter", *ALWAYS)}
    assert {address for address in shop.asked if address.startswith(f"/app/{after.id}/parts/")} == fetched
    assert {f"{shop.url}{address}" for address in fetched} <= set(kept)


# In a page: what became of the next release; begun before it is published.
NEXT = """() => navigator.serviceWorker.getRegistration().then((found) => {
    window.next = new Promise((resolve) => found.addEventListener("updatefound", () => {
        const worker = found.installing;
        const look = () => (worker.state === "installing" ? setTimeout(look, 20) : resolve(worker.state));
        look();
    }, { once: true }));
})"""
UPDATED = "() => navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => window.next)"


def test_an_update_that_cannot_bring_what_every_phone_keeps_leaves_the_old_release_in_place(
    shop: Shop, open_browser: OpenBrowser, release: Release
) -> None:
    """An older server may answer for the part; in the valley returns and the backup would be gone."""
    page = open_browser().page
    page.goto(shop.url)
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => {})")
    part = "parts/decisions.js"
    whole = [changed(release, "main.js", f"{release.files['main.js']}/* {number} */") for number in (1, 2)]
    lacking = replace(whole[0], files={path: text for path, text in whole[0].files.items() if path != part})
    for published, state in ((lacking, "redundant"), (whole[1], "installed")):
        page.evaluate(NEXT)
        shop.publishes(published)
        assert page.evaluate(UPDATED) == state
        assert f"/app/{published.id}/{part}" in shop.asked


# In a page: until the release that waits has taken over and has tidied up behind the others.
TAKES_OVER = """async () => {
    const { waiting } = await navigator.serviceWorker.getRegistration();
    waiting.postMessage("take-over");
    await new Promise((resolve) => {
        const look = () => (waiting.state === "activated" ? resolve() : setTimeout(look, 20));
        look();
    });
}"""


def test_a_tab_two_releases_old_has_its_parts_without_signal_until_it_is_closed(
    shop: Shop, open_browser: OpenBrowser, release: Release
) -> None:
    """Somebody fills in a visit in one tab, and takes two updates in another."""
    old = open_browser().page
    old.goto(shop.url)
    expect(old.get_by_role("button", name=SIGN_IN)).to_be_visible()
    part = f"/app/{release.id}/parts/before.js"
    other = old.context.new_page()

    def updates(number: int) -> None:
        shop.publishes(changed(release, "main.js", release.files["main.js"] + f"/* {number} */"))
        other.goto(shop.url)
        other.evaluate(UNTIL_WAITING, True)
        other.evaluate(TAKES_OVER)

    updates(1)
    updates(2)
    shop.stop()
    # Past the browser's own cache, which on a full phone is the first thing to go.
    assert old.evaluate("(path) => fetch(path, { cache: 'reload' }).then(({ ok }) => ok, () => false)", part)
    old.close()
    shop.start()
    updates(3)
    assert not other.evaluate("(path) => caches.match(path).then(Boolean)", part)


# In a page: what a worker of the page answers that draws photos, and whether it is itself the page's whole app.
DRAWN = """(address) => new Promise((resolve, reject) => {
    const worker = new Worker(address, { type: "module" });
    worker.onerror = reject;
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ bytes: new ArrayBuffer(8), type: "image/jpeg", edge: 100, target: 100, thumbTarget: 100 });
})"""
# In a page: note the moment in which its list of households is there. What comes later keeps nobody waiting.
DRAWS = """new MutationObserver((_, seer) => {
    if (!document.body?.textContent.includes("程有福")) return;
    window.drawn = performance.now();
    seer.disconnect();
}).observe(document, { childList: true, subtree: true, characterData: true })"""
# In a page: the addresses of the app's files that it asked for before that, in their order.
ASKED = """() => performance.getEntriesByType("resource").filter(({ startTime }) => startTime < window.drawn)
    .map(({ name }) => new URL(name).pathname).filter((path) => path.startsWith("/app/"))"""


def test_a_start_of_a_phone_asks_for_one_module_and_the_styles_and_finds_both_laid_out(
    shop: Shop, open_browser: OpenBrowser, release: Release
) -> None:
    """Sixty modules one by one out of the worker cost a slow phone a third of a second."""
    code = shop.founds_a_county()
    page = open_browser().page
    said = complaints(page)
    page.goto(f"{shop.url}/#/signin/{code}")
    page.get_by_text("跳过", exact=True).click()
    expect(page.get_by_text("程有福").first).to_be_visible()
    page.goto("about:blank")
    page.add_init_script(DRAWS)
    page.goto(f"{shop.url}/#/")
    expect(page.get_by_text("程有福").first).to_be_visible()
    root = f"/app/{release.id}"
    styles = [path for path in release.files if path.startswith("ui/") and path.endswith(".css")]
    # Parts may be looked for after the next sync, whenever that is.
    asked = {path for path in page.evaluate(ASKED) if not path.startswith(f"{root}/parts/")}
    assert sorted(asked) == sorted(f"{root}/{path}" for path in ["main.js", *styles])
    assert page.evaluate(DRAWN, f"{root}/adapters/photo-work.js") == {"photo": None, "thumb": None}
    # Leaving the page may cut off what it was fetching.
    assert [text for text in said if "Content Security Policy" in text] == []


def test_over_plain_http_the_page_explains_itself(shop: Shop, open_browser: OpenBrowser) -> None:
    browser = open_browser(args=["--host-resolver-rules=MAP phone.test 127.0.0.1"])
    page = browser.page
    page.goto(f"http://phone.test:{shop.port}/")
    expect(page.get_by_text("不安全")).to_be_visible()
    expect(page.get_by_role("button", name=SIGN_IN)).to_have_count(0)


def test_inside_wechat_the_reader_is_told_where_to_open_it(shop: Shop, open_browser: OpenBrowser) -> None:
    browser = open_browser(user_agent="Mozilla/5.0 (Linux; Android 12) Chrome/107 Mobile MicroMessenger/8.0")
    page = browser.page
    page.goto(shop.url)
    expect(page.get_by_text("微信").first).to_be_visible()


def test_a_new_phone_has_its_household_and_the_visit_after_one_request_and_all_else_after_another(
    shop: Shop, open_browser: OpenBrowser, release: Release
) -> None:
    """A round trip is three seconds, and there are thirty of them: apart they cost a minute and a half."""
    code = shop.founds_a_county()
    page = open_browser().page
    page.set_default_timeout(90_000)
    page.goto(f"{shop.url}/#/signin/{code}")
    page.evaluate(UNTIL_HERE, 2)
    # What no form asks for may come beside the last definitions or behind them; what is counted is everything.
    until(page, ALWAYS_HERE)
    api = [address.split("?")[0] for address in shop.asked if address.startswith("/api/")]
    # The household and the visit came with the session.
    assert api == ["/api/v1/session", "/api/v1/definitions"]
    assert shop.sent["/api/v1/session"] <= 12 * 1024
    [definitions] = [address for address in shop.asked if "definitions" in address]
    assert definitions.startswith("/api/v1/definitions?want=dataset%2F")
    assert definitions.count("want=") > 25
    assert "visit" not in definitions
    parts = [address for address in shop.asked if "/parts/" in address]
    assert len(parts) == len(set(parts))
    assert shop.sent[definitions] <= 55 * 1024
    assert sum(shop.sent.values()) <= 154 * 1024
    always = [f"/app/{release.id}/parts/{part}.js" for part in ALWAYS]
    assert sum(shop.sent.values()) - sum(shop.sent[address] for address in always) <= 150 * 1024
