"""A PIN on the phone, in a real browser: what it hides, what it does not hold up, and the way back without it."""

from __future__ import annotations

import dataclasses
import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from fieldsvc.extensions import keep_context
from fieldsvc.services import register
from fieldsvc.services.context import Context
from tests.support.app import app_on
from tests.support.browser import OpenBrowser, until
from tests.web.field import Field
from tests.web.test_in_the_village import arrives_with_everything, counted, opens, syncs

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PIN = "480213"
#: Everything that lies in the person's database, in all its stores, as text, also in bytes.
STORED = """async () => {
    const [{ name }] = (await indexedDB.databases()).filter(({ name }) => name.startsWith("fieldsvc-"));
    const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    const db = await answer(indexedDB.open(name));
    const stores = [...db.objectStoreNames];
    const rows = await Promise.all(stores.map((store) => answer(db.transaction(store).objectStore(store).getAll())));
    db.close();
    const text = (value) => value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value;
    return JSON.stringify(rows, (_, value) => text(value));
}"""

#: Whether the device knows of no lock.
UNLOCKED = """async () => {
    const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    const db = await answer(indexedDB.open("fieldsvc"));
    const names = await answer(db.transaction("meta").objectStore("meta").getAllKeys());
    db.close();
    return !names.some((name) => name.startsWith("lock/"));
}"""

#: What the phone keeps as the part that asks for the PIN: one that cannot be read, or, without a word, none.
PART = """async (lost) => {
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            if (!/parts.pin/.test(request.url)) continue;
            await (lost ? cache.put(request, new Response("", { status: 404 })) : cache.delete(request));
        }
    }
}"""
#: Whether it is kept on the phone.
PART_IS_HERE = """async () => {
    const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return all.flat().some(({ url }) => /parts.pin/.test(url));
}"""


@pytest.fixture
def app(ctx: Context) -> Flask:
    """The server of a county that offers a PIN."""
    return app_on(dataclasses.replace(ctx, settings=dataclasses.replace(ctx.settings, phone_pin=1)))


def locks(page: Page) -> None:
    """She sets a PIN, and the app starts again behind it."""
    page.get_by_role("link", name="我的").click()
    page.get_by_role("button", name="设置解锁密码").click()
    page.get_by_label("新密码").fill(PIN)
    page.get_by_label("再输一次").fill(PIN)
    page.get_by_role("button", name="设置解锁密码").click()
    expect(page.get_by_label("输入解锁密码")).to_be_visible()


def unlocks(page: Page, pin: str = PIN) -> None:
    page.get_by_label("输入解锁密码").fill(pin)
    page.get_by_role("button", name="打开").click()


def test_households_are_unreadable_without_the_pin_while_sending_and_fetching_go_on(
    field: Field, open_browser: OpenBrowser
) -> None:
    browser = arrives_with_everything(field, open_browser)
    page = browser.page
    assert "张三" in page.evaluate(STORED)
    locks(page)

    # Locked: nothing on the screen, nothing in the storage.
    expect(page.get_by_text("张三")).to_have_count(0)
    stored = page.evaluate(STORED)
    assert not [secret for secret in ("张三", "李四", "13900000001") if secret in stored]

    # Without the part that asks for the PIN nothing opens, and it is all it takes.
    until(page, PART_IS_HERE)
    browser_cache = page.context.new_cdp_session(page)
    page.evaluate(PART, "lost")
    browser_cache.send("Network.clearBrowserCache")
    page.reload()
    expect(page.get_by_text("没有网络")).to_be_visible()
    expect(page.get_by_text("张三")).to_have_count(0)
    page.evaluate(PART, "")
    browser_cache.send("Network.clearBrowserCache")
    page.get_by_role("button", name="再试一次").click()
    expect(page.get_by_label("输入解锁密码")).to_be_visible()

    # What the office writes meanwhile arrives, sealed; a wrong PIN shows nothing of it, the right one everything.
    register.edit(field.ctx, field.office, field.homes[0], {"phone": "13900000077"}, seen_version=1)
    page.reload()
    unlocks(page, "111111")
    expect(page.get_by_role("alert")).to_have_text("密码不对。")
    unlocks(page)
    syncs(page)
    page.get_by_role("link", name="走访", exact=True).click()
    page.get_by_role("link", name=re.compile("张三")).first.click()
    expect(page.get_by_role("main")).to_contain_text("13900000077")
    assert "13900000077" not in page.evaluate(STORED)

    # Removed, everything lies open again; and it can be set once more.
    page.goto(page.url.split("#")[0] + "#/me")
    page.get_by_role("button", name="取消解锁密码").click()
    expect(page.get_by_role("button", name="设置解锁密码")).to_be_visible()
    assert "13900000077" in page.evaluate(STORED)
    locks(page)
    assert "13900000077" not in page.evaluate(STORED)

    # Without a PIN, when it is forgotten: what the server has comes again, and nothing else is asked.
    page.reload()
    page.get_by_role("button", name="忘了密码").click()
    page.get_by_role("button", name="退出，重新登录").click()
    expect(page.get_by_label("登录码")).to_be_visible()
    until(page, UNLOCKED)
    page.goto("about:blank")
    page.goto(field.enrolment())
    expect(page.get_by_text("张三")).to_be_visible()
    assert "张三" in page.evaluate(STORED), "no lock is left behind"


#: Whether the server has answered for everything on this phone.
SETTLED = f"""async () => {{
    const stored = await ({STORED})();
    return stored.includes('"state":"settled"') && !/"state":"(waiting|sending)"/.test(stored);
}}"""
#: Whether all that a locked app needs is kept on the phone.
PARTS_ARE_HERE = """async () => {
    const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    const names = ["pin", "vault", "keys", "letters", "secrets", "away"];
    return names.every((name) => all.flat().some(({ url }) => new RegExp("parts." + name + "[.]js").test(url)));
}"""
#: What a draft was begun with stands in its row in plain words, unless it is sealed.
OF_A_DRAFT = '"preloads"'


def test_what_was_filled_in_is_sealed_too_leaves_while_locked_and_outlives_a_forgotten_pin(
    field: Field, open_browser: OpenBrowser
) -> None:
    page = arrives_with_everything(field, open_browser).page
    locks(page)
    unlocks(page)
    until(page, PARTS_ARE_HERE)
    field.shop.stop()
    page.evaluate("location.hash = '#/'")
    opens(page, "张三")
    page.get_by_role("button", name="开始走访").click()
    page.get_by_text("照片和定位").click()
    page.evaluate("location.hash = '#/'")
    opens(page, "张三")
    page.get_by_role("button", name="更正 联系电话").click()
    page.get_by_role("textbox").fill("13900000088")
    page.get_by_role("button", name="保存").click()
    expect(counted(page, "本机 1")).to_be_visible()
    stored = page.evaluate(STORED)
    assert "13900000088" not in stored
    assert OF_A_DRAFT not in stored

    # Nobody types a PIN, and the correction arrives.
    field.shop.start()
    page.reload()
    expect(page.get_by_label("输入解锁密码")).to_be_visible()
    until(page, SETTLED)
    assert field.phone_number(field.homes[0]) == "13900000088"

    # Forgotten: after signing in again the draft is there, and goes on.
    page.get_by_role("button", name="忘了密码").click()
    page.get_by_role("button", name="退出，重新登录").click()
    expect(page.get_by_label("登录码")).to_be_visible()
    page.goto("about:blank")
    page.goto(field.enrolment())
    expect(page.get_by_text("张三")).to_be_visible()
    until(page, UNLOCKED)
    assert OF_A_DRAFT in page.evaluate(STORED)
    opens(page, "张三")
    page.get_by_role("button", name="继续填写").click()
    # A second page is there because of what was ticked before.
    expect(page.get_by_role("button", name="下一步")).to_be_visible()


#: Whether this phone has been told that it must be locked.
TOLD = """async () => {
    const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    const db = await answer(indexedDB.open("fieldsvc"));
    const people = await answer(db.transaction("people").objectStore("people").getAll());
    db.close();
    return people.some(({ feed }) => feed.pin_required);
}"""


def test_a_county_that_asks_for_a_pin_hides_every_household_until_it_is_set_and_holds_nothing_up(
    field: Field, open_browser: OpenBrowser
) -> None:
    page = arrives_with_everything(field, open_browser).page
    required = dataclasses.replace(field.ctx.settings, phone_pin=2)
    keep_context(field.shop.app, dataclasses.replace(field.ctx, settings=required))
    syncs(page)
    until(page, TOLD)

    # Told in the middle of her work: she goes on, and is asked at the next start, with something that is not sent yet.
    field.shop.stop()
    page.evaluate("location.hash = '#/'")
    opens(page, "张三")
    page.get_by_role("button", name="更正 联系电话").click()
    page.get_by_role("textbox").fill("13900000055")
    page.get_by_role("button", name="保存").click()
    expect(counted(page, "本机 1")).to_be_visible()
    field.shop.start()
    page.reload()
    expect(page.get_by_text("本县要求先设置解锁密码")).to_be_visible()
    expect(page.get_by_text("张三")).to_have_count(0)
    until(page, SETTLED)
    assert field.phone_number(field.homes[0]) == "13900000055"

    # Set, it asks for it; and there is no way to remove it again.
    page.get_by_label("新密码").fill(PIN)
    page.get_by_label("再输一次").fill(PIN)
    page.get_by_role("button", name="设置解锁密码").click()
    unlocks(page)
    expect(page.get_by_text("张三").first).to_be_visible()
    assert "张三" not in page.evaluate(STORED)
    page.evaluate("location.hash = '#/me'")
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    expect(page.get_by_role("button", name="取消解锁密码")).to_have_count(0)
