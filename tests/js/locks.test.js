/** One lock in several tabs, lost locks, and letters no server reads: whatever happens, what was sealed is opened again. */

import assert from "node:assert/strict";
import { createECDH } from "node:crypto";
import { test } from "node:test";

import { heldOf } from "../../fieldsvc/static/core/beginning.js";
import { expired } from "../../fieldsvc/static/core/outbox.js";
import { changed, keyFrom, lockId, makeLock, tryPin, unwrap } from "../../fieldsvc/static/parts/keys.js";
import { guard } from "../../fieldsvc/static/parts/pin.js";
import { holds, putAway, sealed } from "../../fieldsvc/static/parts/vault.js";
import { memoryDatabase } from "./support/memory.js";
import { phone } from "./support/phone.js";

// Nothing here has other tabs, and the channel to them would keep the tests from ending.
globalThis.BroadcastChannel = undefined;
const ID = lockId("p1");
const SERVER = createECDH("prime256v1").generateKeys("base64");
const [first, second, early] = await Promise.all([makeLock("p1", "111111", SERVER), makeLock("p1", "222222", SERVER), makeLock("p1", "333333")]);
const [key, other] = await Promise.all([unwrap(first, "111111"), unwrap(second, "222222")]);
const draft = { id: "d1", stamp: 3, form: "visit", version: "1", subject: "h1", content: { phone: "typed" }, context: {} };
const home = { id: "h1", subject: "h1", dataset: "households", version: 1, gen: 1, label: "张三", properties: {}, origin: {} };

/** A device with this lock, and a person's database with a draft and a household behind it. */
async function locked(lock = first) {
  const [device, db] = [memoryDatabase(), memoryDatabase()];
  await device.write([{ store: "meta", put: lock }, { store: "people", put: { id: "p1", token: "t1", feed: {} } }, { store: "meta", put: { id: "current", person: "p1" } }]);
  await db.write([{ store: "drafts", put: draft }, { store: "entities", put: home }]);
  await putAway(db, lock);
  return { device, db };
}

/** She removes the PIN in a tab that is open. */
async function removes({ device, db }, lock, opener) {
  const own = sealed(db, lock);
  own.unlock(opener);
  await own.letGo();
  await changed(device, lock, () => null);
}

/** She sets this PIN, and the app starts again. */
async function sets({ device, db }, lock) {
  await device.write([{ store: "meta", put: lock }]);
  return guard(db, lock, device);
}

/** What the server says to each letter, by the session that asks; and who asked. */
function answers(say) {
  const asked = [];
  globalThis.fetch = async (_, { headers, body }) => {
    const token = headers.Authorization.slice("Bearer ".length);
    asked.push(token);
    return Response.json(say(token, JSON.parse(body).letter), { headers: { "Fieldsvc-Protocol": "1" } });
  };
  return asked;
}
const UNREADABLE = { code: "letter-unreadable" };
const jwk = await crypto.subtle.exportKey("jwk", key);

test("a tab from before never writes its lock over the one another tab has set since, whatever is typed there", async () => {
  const kept = await locked();
  const { device, db } = kept;
  await removes(kept, first, key);
  await sets(kept, second);
  for (const pin of ["111111", "000000"]) assert.equal((await tryPin(device, first, pin, 1)).row, null);
  assert.equal(await changed(device, first, (row) => ({ ...row, forgotten: true })), null);
  assert.equal(await changed(device, first, () => null), null);
  assert.deepEqual(await device.get("meta", ID), second);
  const own = await guard(db, await device.get("meta", ID), device);
  own.unlock(other);
  assert.deepEqual(await own.get("drafts", "d1"), draft);
});

test("a try in a tab from before an update keeps the letter that another tab has added, and counts", async () => {
  const { device } = await locked(early);
  await tryPin(device, early, "333333", 1, SERVER);
  const { letter } = await device.get("meta", ID);
  assert.ok(letter);
  const { row } = await tryPin(device, early, "000000", 2, SERVER);
  assert.deepEqual([row.letter, row.server, row.wrong], [letter, SERVER, 1]);
  assert.deepEqual(await device.get("meta", ID), row);
  assert.equal((await tryPin(device, early, "000000", 3)).row.wrong, 2);
});

test("two tries at once are one after the other: neither undoes what the other wrote down", async () => {
  const { device } = await locked();
  const both = await Promise.all([tryPin(device, first, "000000", 1), tryPin(device, first, "000001", 1)]);
  assert.equal(both.filter(({ row }) => row).length, 1);
  assert.equal((await device.get("meta", ID)).wrong, 1);
});

test("what is sealed to a lock that was lost keeps the letter that opens it, with another lock and with none", async () => {
  for (const lock of [undefined, second]) {
    const { device, db } = await locked();
    await device.write([lock ? { store: "meta", put: lock } : { store: "meta", delete: ID }]);
    assert.equal(await holds(db, lock), !!lock);
    if (lock) {
      await putAway(db, lock);
      await removes({ device, db }, lock, other);
    }
    const asked = answers((_, letter) => (letter === first.letter ? { key: jwk } : UNREADABLE));
    const own = await guard(db, undefined, device);
    assert.deepEqual(await own.get("drafts", "d1"), draft);
    assert.deepEqual(asked, ["t1"]);
  }
});

test("a letter that no server reads keeps no earlier lock's from being opened", async () => {
  const { device, db } = await locked();
  await device.write([{ store: "meta", put: { ...second, forgotten: true } }]);
  await holds(db, second);
  await putAway(db, second);
  const asked = answers((_, letter) => (letter === first.letter ? { key: jwk } : UNREADABLE));
  for (let starts = 0; starts < 2; starts += 1) {
    const own = await guard(db, await device.get("meta", ID), device);
    assert.deepEqual(await own.get("drafts", "d1"), draft);
  }
  assert.deepEqual(asked, ["t1", "t1"], "each of the two once for a session");
});

test("an app that locks itself while the PIN is being removed loses nothing, and one that is locked removes none", async () => {
  const { db, device } = await locked();
  const own = sealed(db, first);
  own.unlock(key);
  const removing = own.letGo();
  own.lock();
  await removing;
  assert.deepEqual([await db.get("drafts", "d1"), await db.get("entities", "h1")], [draft, home]);

  const again = await locked();
  const before = await again.db.get("meta", "seal");
  await assert.rejects(sealed(again.db, first).letGo(), { code: "moved-on" });
  assert.deepEqual(await again.db.get("meta", "seal"), before);
  assert.equal(await holds(db, await device.get("meta", ID)), false, "the first lock has gone and holds no more");
});

test("a lock that went without leaving its key holds as long as anything is sealed to it", async () => {
  const { db, device } = await locked();
  await db.write([{ store: "meta", put: { id: "seal", of: (await db.get("meta", "seal")).of, gone: true } }]);
  const own = await guard(db, first, device);
  assert.ok(await device.get("meta", ID));
  own.unlock(key);
  assert.deepEqual(await own.get("drafts", "d1"), draft);
});

/** As `main.js` asks before it opens a database without the part. */
const opensAlone = (seal) => !seal || !!seal.gone;

test("a draft that lands sealed after its lock went is opened at the next start, also when another lock came and went", async () => {
  for (const between of [false, true]) {
    const kept = await locked();
    const { device, db } = kept;
    const late = await db.get("drafts", "d1");
    await removes(kept, first, key);
    if (between) {
      await sets(kept, second);
      await removes(kept, second, other);
    }
    await db.write([{ store: "drafts", put: { ...late, stamp: 9 } }]);
    assert.equal(opensAlone(await db.get("meta", "seal")), false);
    await guard(db, undefined, device);
    assert.deepEqual(await db.get("drafts", "d1"), { ...draft, stamp: 9 });
  }
});

test("a week after the last lock went, with nothing left to open, its key goes too; never while a draft is sealed", async () => {
  const kept = await locked();
  const { device, db } = kept;
  await removes(kept, first, key);
  const old = async (more) => {
    const seal = await db.get("meta", "seal");
    await db.write([{ store: "meta", put: { ...seal, went: seal.went - 8 * 86_400_000, ...more } }]);
    await guard(db, undefined, device);
    return db.get("meta", "seal");
  };
  const foreign = await locked(second);
  await db.write([{ store: "drafts", put: { ...(await foreign.db.get("drafts", "d1")), id: "d2" } }]);
  assert.equal((await old()).keys.length, 1);
  await db.write([{ store: "drafts", delete: "d2" }]);
  const seal = await old();
  assert.deepEqual([seal.keys, opensAlone(seal)], [undefined, true]);
});

test("a forgotten PIN whose letter no server reads is in nobody's way, and opens when the server or she can again", async () => {
  for (const way of ["server", "pin"]) {
    const { device, db } = await locked({ ...first, forgotten: true });
    let readable = false;
    const asked = answers(() => (readable ? { key: jwk } : UNREADABLE));
    const start = async () => guard(db, await device.get("meta", ID), device);
    const databases = new Map([["p1", await start()]]);
    await start();
    assert.deepEqual(asked, ["t1"], "asked once for a session");

    const east = await phone({ databases });
    await east.signsIn();
    assert.deepEqual(await east.app.drafts().then((all) => all.map(({ subject }) => subject)), [""]);
    assert.deepEqual((await east.app.record("h1")).drafts, []);
    const begun = await east.app.startVisit("h1", "visit");
    assert.notEqual(begun, "d1");
    await assert.rejects(east.app.openDraft("d1"), ({ text }) => /旧密码/.test(text));
    // Signing out removes neither the draft nor what may open it.
    await east.app.discardDraft(begun);
    const out = east.app.signOut({ force: true });
    (await east.server.next()).respond(204);
    await out;
    assert.deepEqual([(await db.get("drafts", "d1")).subject, (await db.get("meta", "seal")).letter], ["h1", first.letter]);

    if (way === "server") {
      readable = true;
      await device.write([{ store: "people", put: { id: "p1", token: "t2", feed: {} } }]);
      await start();
      assert.deepEqual(asked, ["t1", "t2"]);
    } else {
      const { key: found } = await tryPin(device, first, "111111", 1);
      const own = sealed(db, first);
      own.unlock(found);
      await own.letGo();
    }
    assert.deepEqual(await db.get("drafts", "d1"), draft, way);
  }
});

test("after another sign-in too, silence puts no work of today behind a lock whose letter no server reads", async () => {
  const { device, db } = await locked({ ...first, forgotten: true });
  answers(() => UNREADABLE);
  const beside = await guard(db, await device.get("meta", ID), device);
  await beside.write([{ store: "drafts", put: { ...draft, id: "d2" } }]);
  await device.write([{ store: "people", put: { id: "p1", token: "t2", feed: {} } }]);
  globalThis.fetch = () => Promise.reject(new Error("no signal"));

  const again = await guard(db, await device.get("meta", ID), device);
  assert.notEqual(again.isLocked?.(), true);
  assert.deepEqual(await again.get("drafts", "d2"), { ...draft, id: "d2" });
});

test("only this server is believed that a letter cannot be read: not a captive portal, nor one that never answers", async () => {
  const { device, db } = await locked({ ...first, forgotten: true });
  for (const answer of [async () => Response.json(UNREADABLE), async () => Promise.reject(new Error("cut"))]) {
    globalThis.fetch = answer;
    const own = await guard(db, await device.get("meta", ID), device);
    assert.equal(own.isLocked(), true, "it asks for the PIN");
    assert.equal((await device.get("meta", ID)).asked, undefined);
  }
});

test("the key a server tells opens what is left, and the lock goes", async () => {
  const { device, db } = await locked({ ...first, forgotten: true });
  answers(() => ({ key: jwk }));
  await guard(db, await device.get("meta", ID), device);
  assert.deepEqual([await db.get("drafts", "d1"), await device.get("meta", ID)], [draft, undefined]);
  assert.ok(await keyFrom(jwk));
});

test("a household registered behind a PIN is sealed with what waits of it, and its draft and the household come through", async () => {
  const { device, db } = await locked();
  const own = await guard(db, first, device);
  own.unlock(key);
  const begun = { ...draft, id: "d2", form: "household", subject: "n1", content: { head: "赵满仓" } };
  const touches = [{ entity: "n1", subject: "n1", create: true, changes: { head_name: "赵满仓" }, label: "赵满仓" }];
  const entry = { id: "v1", seq: 1, state: "waiting", subject: "n1", body: JSON.stringify({ head: "赵满仓" }), touches, photos: [] };
  await own.write([{ store: "drafts", put: begun }, { store: "outbox", put: entry }]);
  const kept = JSON.stringify([await db.all("drafts"), await db.all("outbox")]);
  assert.equal(kept.includes("赵满仓"), false, "nothing of it lies open");
  // In review for two months, and the app is locked when the server says so: nobody can read what it begins.
  await own.write([{ store: "outbox", put: { ...entry, state: "settled", settled_at: 1, receipt: { id: "v1", status: "review" } } }]);
  own.lock();
  assert.deepEqual(expired(await own.all("outbox"), 60 * 86_400_000), []);
  own.unlock(key);
  await own.write([{ store: "outbox", put: entry }]);
  const again = await guard(db, await device.get("meta", ID), device);
  again.unlock(key);
  assert.deepEqual([await again.get("drafts", "d2"), await again.get("outbox", "v1")], [begun, entry]);
  assert.deepEqual(heldOf({ subjects: [], outbox: await again.all("outbox") }).map(({ id }) => id), ["n1"]);
});
