"""A PIN on the phone, in a real browser: what it hides, what it does not hold up, and the way back without it."""

from __future__ import annotations

import dataclasses
import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from fieldsvc.app import create_app
from fieldsvc.services import register
from fieldsvc.services.context import Context
from tests.support.browser import OpenBrowser
from tests.web.field import Field
from tests.web.test_in_the_village import arrives_with_everything, syncs

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PIN = "480213"
#: Everything that lies in the person's database, as text, also in bytes.
STORED = """async (store) => {
    const [{ name }] = (await indexedDB.databases()).filter(({ name }) => name.startsWith("fieldsvc-"));
    const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    const db = await answer(indexedDB.open(name));
    const rows = await answer(db.transaction(store).objectStore(store).getAll());
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


@pytest.fixture
def app(ctx: Context) -> Flask:
    """The server of a county that offers a PIN."""
    return create_app(ctx=dataclasses.replace(ctx, settings=dataclasses.replace(ctx.settings, phone_pin=1)))


def unlocks(page: Page, pin: str = PIN) -> None:
    page.get_by_label("输入解锁密码").fill(pin)
    page.get_by_role("button", name="打开").click()


def test_households_are_unreadable_without_the_pin_while_sending_and_fetching_go_on(
    field: Field, open_browser: OpenBrowser
) -> None:
    browser = arrives_with_everything(field, open_browser)
    page = browser.page
    assert "张三" in page.evaluate(STORED, "entities")
    page.get_by_role("link", name="我的").click()
    page.get_by_role("button", name="设置解锁密码").click()
    page.get_by_label("新密码").fill(PIN)
    page.get_by_label("再输一次").fill(PIN)
    page.get_by_role("button", name="设置解锁密码").click()

    # Locked: nothing on the screen, nothing in the storage.
    expect(page.get_by_label("输入解锁密码")).to_be_visible()
    expect(page.get_by_text("张三")).to_have_count(0)
    stored = page.evaluate(STORED, "entities")
    assert not [secret for secret in ("张三", "李四", "13900000001") if secret in stored]

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
    assert "13900000077" not in page.evaluate(STORED, "entities")

    # Without a PIN, when it is forgotten: what the server has comes again, and nothing else is asked.
    page.reload()
    page.get_by_role("button", name="忘了密码").click()
    page.get_by_role("button", name="退出，重新登录").click()
    expect(page.get_by_label("登录码")).to_be_visible()
    page.wait_for_function(UNLOCKED)
    page.goto("about:blank")
    page.goto(field.enrolment())
    expect(page.get_by_text("张三")).to_be_visible()
    assert "张三" in page.evaluate(STORED, "entities"), "no lock is left behind"
