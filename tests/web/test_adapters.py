"""What the phone app asks of a browser, tried in a real one: all-or-nothing writes, one tab at a time."""

import pytest
from playwright.sync_api import Page

from fieldsvc.web.assets import Release
from tests.web.bare import prepare
from tests.web.shop import Shop

pytestmark = pytest.mark.browser

STORES = "{ things: { key: 'id' }, others: { key: 'id' } }"


def test_a_write_that_fails_halfway_leaves_nothing(page: Page) -> None:
    rows = page.evaluate(
        f"""async () => {{
            const {{ openDatabase }} = await load("adapters/idb.js");
            const db = await openDatabase("try", {STORES});
            const cannot = {{ id: "b", value: () => 1 }};
            const writes = [{{ store: "things", put: {{ id: "a" }} }}, {{ store: "others", put: cannot }}];
            const failed = await db.write(writes).then(() => false, () => true);
            return [failed, await db.all("things"), await db.all("others")];
        }}"""
    )
    assert rows == [True, [], []]


def test_what_must_survive_a_power_cut_waits_for_the_disk_and_the_rest_does_not(page: Page) -> None:
    asked = page.evaluate(
        f"""async () => {{
            const {{ openDatabase }} = await load("adapters/idb.js");
            const db = await openDatabase("try", {STORES});
            const asked = [], begin = IDBDatabase.prototype.transaction;
            IDBDatabase.prototype.transaction = function (stores, mode, options) {{
                if (mode === "readwrite") asked.push(options.durability);
                return begin.call(this, stores, mode, options);
            }};
            await db.write([{{ store: "things", put: {{ id: "visit" }} }}], {{ durable: true }});
            await db.write([{{ store: "things", put: {{ id: "page" }} }}]);
            return asked;
        }}"""
    )
    assert asked == ["strict", "relaxed"]


def test_a_connection_the_system_dropped_is_opened_again(page: Page) -> None:
    rows = page.evaluate(
        f"""async () => {{
            const {{ openDatabase }} = await load("adapters/idb.js");
            const db = await openDatabase("try", {STORES});
            const begin = IDBDatabase.prototype.transaction;
            IDBDatabase.prototype.transaction = function () {{
                IDBDatabase.prototype.transaction = begin;
                throw new DOMException("Connection to Indexed Database server lost.", "UnknownError");
            }};
            await db.write([{{ store: "things", put: {{ id: "a" }} }}]);
            return db.all("things");
        }}"""
    )
    assert rows == [{"id": "a"}]


def test_reads_that_meet_a_dropped_connection_at_once_share_the_next_and_leave_none_behind(page: Page) -> None:
    """One that was left open kept the storage of whoever signed out, and who signed in again waited for ever."""
    outcome = page.evaluate(
        f"""async () => {{
            const {{ openDatabase }} = await load("adapters/idb.js");
            const db = await openDatabase("try", {STORES});
            await db.write([{{ store: "things", put: {{ id: "a" }} }}]);
            const begin = IDBDatabase.prototype.transaction, open = IDBFactory.prototype.open;
            const dropped = new Set();
            let opened = 0;
            IDBFactory.prototype.open = function (...asked) {{
                opened += 1;
                return open.apply(this, asked);
            }};
            IDBDatabase.prototype.transaction = function (...asked) {{
                if (!dropped.size) dropped.add(this);
                if (dropped.has(this)) throw new DOMException("The connection is closing.", "InvalidStateError");
                return begin.apply(this, asked);
            }};
            const read = await Promise.all([db.all("things"), db.all("others"), db.get("things", "a")]);
            return [read, opened];
        }}"""
    )
    assert outcome == [[[{"id": "a"}], [], {"id": "a"}], 1]


def test_a_page_read_before_another_tab_moved_on_is_not_written(page: Page) -> None:
    answer = page.evaluate(
        f"""async () => {{
            const {{ openDatabase }} = await load("adapters/idb.js");
            const db = await openDatabase("try", {STORES});
            const put = (stamp, expected) => db.write([{{ store: "things", put: {{ id: "r", stamp }} }}],
                {{ expect: {{ store: "things", key: "r", stamp: expected }}, durable: true }})
                .then(() => "written", (error) => error.code);
            return [await put(1, undefined), await put(2, 1), await put(3, 1), (await db.get("things", "r")).stamp];
        }}"""
    )
    assert answer == ["written", "written", "moved-on", 2]


def test_a_newer_release_may_change_the_stores_while_an_old_tab_is_open(page: Page) -> None:
    answer = page.evaluate(
        f"""async () => {{
            const {{ openDatabase }} = await load("adapters/idb.js");
            const told = [];
            await openDatabase("try", {STORES}, () => told.push("outdated"));
            const opened = await new Promise((resolve) => {{
                const request = indexedDB.open("try", 99);
                request.onsuccess = () => resolve("opened");
                request.onblocked = () => resolve("blocked");
            }});
            return [opened, told];
        }}"""
    )
    assert answer == ["opened", ["outdated"]]


def test_after_signing_out_a_late_step_cannot_bring_the_database_back(page: Page) -> None:
    answer = page.evaluate(
        f"""async () => {{
            const {{ openDatabase, deleteDatabase }} = await load("adapters/idb.js");
            const db = await openDatabase("try", {STORES});
            db.close();
            await deleteDatabase("try");
            const write = db.write([{{ store: "things", put: {{ id: "a" }} }}]);
            const late = await write.then(() => "", (error) => error.code);
            return [late, (await indexedDB.databases()).map((each) => each.name)];
        }}"""
    )
    assert answer == ["moved-on", []]


def test_a_tab_left_open_cannot_bring_back_a_database_another_one_removed(page: Page) -> None:
    answer = page.evaluate(
        f"""async () => {{
            const {{ openDatabase, deleteDatabase }} = await load("adapters/idb.js");
            const db = await openDatabase("try", {STORES});
            await deleteDatabase("try");
            const late = await db.all("things").then(() => "", (error) => error.code);
            return [late, (await indexedDB.databases()).map((each) => each.name)];
        }}"""
    )
    assert answer == ["moved-on", []]


HOLD = """async () => {
    const { alone } = await load("adapters/lock.js");
    return new Promise((started) => { alone(() => new Promise(() => started(true))); });
}"""
TRY = """async (later) => {
    const { alone } = await load("adapters/lock.js");
    const now = Date.now();
    Date.now = () => now + later;
    let ran = false;
    const got = await alone(async () => { ran = true; });
    return [got, ran];
}"""


def test_one_tab_at_a_time_is_on_the_line(page: Page, shop: Shop, release: Release) -> None:
    other = page.context.new_page()
    other.goto(f"{shop.url}/healthz")
    prepare(other, release)
    assert page.evaluate(HOLD)
    assert other.evaluate(TRY, 10_000) == [False, False]


def test_the_lock_of_a_frozen_tab_is_taken_over(page: Page, shop: Shop, release: Release) -> None:
    assert page.evaluate(HOLD)
    page.context.new_cdp_session(page).send("Page.setWebLifecycleState", {"state": "frozen"})
    other = page.context.new_page()
    other.goto(f"{shop.url}/healthz")
    prepare(other, release)
    assert other.evaluate(TRY, 120_000) == [True, True]


def test_bytes_come_back_from_storage_as_they_went_in(page: Page) -> None:
    answer = page.evaluate(
        """async () => {
            const { openDatabase, PERSON_STORES } = await load("adapters/idb.js");
            const { keepFile, readFile, dropFile, fileBlob } = await load("adapters/chunks.js");
            const { sha256 } = await load("adapters/device.js");
            const db = await openDatabase("try", PERSON_STORES);
            const bytes = new Uint8Array(700_000).map((_, index) => (index * 7919) >> 3);
            const digest = await sha256(bytes);
            await keepFile(db, { sha256: digest, bytes: bytes.buffer });
            const whole = await sha256(await (await fileBlob(db, digest)).arrayBuffer());
            const middle = await readFile(db, digest, 262_000, 530_000);
            const same = middle.every((byte, index) => byte === bytes[262_000 + index]);
            await dropFile(db, digest);
            return [whole === digest, same, (await db.all("chunks")).length];
        }"""
    )
    assert answer == [True, True, 0]
