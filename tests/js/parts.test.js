/** Parts on demand: when a phone has them, and the sums that some of them do. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { spentPictures } from "../../fieldsvc/static/core/browsing.js";
import { headingOf, placeOf } from "../../fieldsvc/static/parts/aim.js";
import { stampOf } from "../../fieldsvc/static/parts/camera.js";
import { asShown, asWritten } from "../../fieldsvc/static/parts/dates.js";
import { blocks, pieces, plain } from "../../fieldsvc/static/parts/markdown.js";
import { grouped } from "../../fieldsvc/static/parts/money.js";
import { bearing, wind, within } from "../../fieldsvc/static/parts/position.js";
import { stepped } from "../../fieldsvc/static/parts/range.js";
import { ranked } from "../../fieldsvc/static/parts/rank.js";
import { clock } from "../../fieldsvc/static/parts/recorder.js";
import { extent, fitted } from "../../fieldsvc/static/parts/signature.js";
import { beside, sheetFor } from "../../fieldsvc/static/parts/sketch.js";
import { areaOf, cornersOf, written } from "../../fieldsvc/static/parts/trace.js";
import { firstPage, phone, VISIT } from "./support/phone.js";

const USING = { ...VISIT, uses: ["signature"] };

/** A phone that has signed in, while its parts are to be had as `answer` says. */
async function phoneWithParts(answer) {
  const asked = [];
  const east = await phone({
    keepParts: async (names) => {
      asked.push(...names);
      await answer();
    },
  });
  const signing = east.app.signIn({ code: "c" });
  const person = { id: "p1", name: "王干部", unit: "乡", roles: [] };
  (await east.server.next()).respond(201, { token: "t1", person, feed: { id: "f1", name: "县" } });
  await signing;
  (await east.server.next()).respond(200, firstPage());
  return { east, asked };
}

test("a form is offered only once the parts it uses are on the phone too", async () => {
  let signal = false;
  const { east } = await phoneWithParts(() => {
    if (!signal) throw { code: "no-network" };
  });
  await east.getsDefinitions({ form: USING });
  await east.rests();
  assert.deepEqual((await east.app.record("h1")).forms, []);
  assert.equal(east.app.get().sync.problem.code, "no-network");

  signal = true;
  await east.waits(600);
  await east.getsDefinitions({ form: USING });
  await east.rests();
  assert.deepEqual((await east.app.record("h1")).forms.map(({ form }) => form), ["visit"]);
});

test("a part that cannot be had holds up no other definition, and the round ends", async () => {
  const { east } = await phoneWithParts(() => {
    throw { code: "no-network" };
  });
  // Here every definition wants parts, and none can be had: the round must end all the same, and wait for its next try.
  await east.getsDefinitions({ form: USING });
  await east.rests();
  assert.equal(east.app.get().sync.problem.code, "no-network");
  assert.ok(east.server.isQuiet());
  assert.deepEqual((await east.db().all("forms")).map(({ definition }) => definition), [null]);
});

test("the visit is the first of the forms, whatever a county adds", async () => {
  const { east } = await phoneWithParts(() => {});
  const added = { id: "a_check/1", form: "a_check", version: "1", digest: "a", title: VISIT.title, subject_dataset: "households", definition: VISIT };
  await east.db().write([{ store: "forms", put: added }]);
  await east.getsDefinitions();
  await east.rests();
  assert.deepEqual((await east.app.record("h1")).forms.map(({ form }) => form), ["visit", "a_check"]);
});

test("parts of the forms here are asked for again after every sync: an update may have missed them", async () => {
  const { east, asked } = await phoneWithParts(() => {});
  await east.getsDefinitions({ form: USING });
  await east.rests();
  assert.deepEqual([...new Set(asked)].sort(), ["decisions", "redo", "safety", "seal", "signature"]);
  assert.ok(asked.length > 1);
});

test("a direction is told as on a compass", () => {
  const home = "29.7 118.3 0 5";
  for (const [to, degrees] of [["29.8 118.3", 0], ["29.7 118.4", 90], ["29.6 118.3", 180], ["29.7 118.2", 270]]) {
    assert.ok(Math.abs(bearing(home, to) - degrees) < 0.5, to);
  }
});

test("a spot is near as long as both phones may mean the same place", () => {
  assert.equal(within("29.70000 118.3 0 5", "29.70005 118.3 0 8"), true);
  assert.equal(within("29.70000 118.3 0 5", "29.70020 118.3 0 8"), false);
  assert.equal(wind("29.7 118.3", "29.8 118.4"), "东北");
});

test("a phone held up like a picture looks where its back looks, and one that lies flat where its top points", () => {
  // Upright (beta 90): alpha turns it about the vertical, anticlockwise; held a little up or down, it looks the same way.
  for (const [alpha, beta, heading] of [[0, 90, 0], [90, 90, 270], [270, 80, 90], [180, 100, 180]]) {
    assert.ok(Math.abs(headingOf({ alpha, beta, gamma: 0 }) - heading) < 0.5, String(alpha));
  }
  assert.equal(headingOf({ alpha: null, beta: null, gamma: null }), null);
  assert.equal(headingOf({ alpha: 10, beta: 90, gamma: 0, webkitCompassHeading: 123 }), 123);
});

test("a photo tells where it was taken and how old that is, and nothing while no position is known", () => {
  const { position } = placeOf({ state: "fixed", value: "29.7 118.3 0 5", accuracy: 5, at: Date.now() - 3000 });
  assert.equal(position.point, "29.7 118.3 0 5");
  assert.equal(position.source, "device");
  assert.ok(position.age >= 3 && position.age < 60);
  assert.deepEqual(placeOf(null), {});
  assert.deepEqual(placeOf({ state: "denied" }), {});
});

test("a signature is kept as large as it was written, with a margin", () => {
  assert.deepEqual(extent([[[100, 50], [160, 90]], [[120, 40]]]), { left: 76, top: 16, width: 108, height: 98 });
});

test("a picture that is drawn on lies whole and in the middle of the sheet, however the phone is held", () => {
  const photo = { width: 1600, height: 1200 };
  assert.deepEqual(fitted(photo, { clientWidth: 320, clientHeight: 600 }), { scale: 0.2, left: 0, top: 180 });
  assert.deepEqual(fitted(photo, { clientWidth: 600, clientHeight: 240 }), { scale: 0.2, left: 140, top: 0 });
  assert.deepEqual(fitted(undefined, { clientWidth: 320, clientHeight: 600 }), { scale: 1, left: 0, top: 0 });
});

test("the photo under a drawing is found in the same group, and in the same item of a repeat", () => {
  const answers = { photo: 1, house: { photo: 2 }, rooms: [{ photo: 3 }, { photo: 4, wall: { photo: 5 } }] };
  const found = ["/data/x", "/data/house/x", "/data/rooms[2]/x", "/data/rooms[2]/wall/x"].map((ref) => beside(answers, ref, "photo"));
  assert.deepEqual(found, [1, 2, 4, 5]);
  assert.equal(beside({}, "/data/rooms[2]/wall/x", "photo"), undefined);
});

test("a recording counts minutes and seconds", () => {
  assert.deepEqual([0, 9, 65, 3600].map(clock), ["0:00", "0:09", "1:05", "60:00"]);
});

test("a slider stays between its ends and on its steps", () => {
  const tenths = { start: 0, end: 1, step: 0.1 };
  assert.equal(stepped(tenths, 0.2, 1), "0.3");
  assert.equal(stepped(tenths, 0.30000000000000004, 0), "0.3");
  assert.equal(stepped(tenths, 1, 1), "1.0");
  assert.equal(stepped({ start: 5, end: -5, step: 2 }, -5, -1), "-5");
});

test("thousands stand apart, fractions do not", () => {
  assert.deepEqual(["", "86", "86000", "1234567.12345", "-1000"].map(grouped), ["", "86", "86,000", "1,234,567.12345", "-1,000"]);
});

test("a ranking lists what it names first, and what it does not at the end", () => {
  const choices = ["a", "b", "c"].map((value) => ({ value, label: value }));
  assert.deepEqual(ranked(choices, "c a").map(({ value }) => value), ["c", "a", "b"]);
  assert.deepEqual(ranked(choices, null).map(({ value }) => value), ["a", "b", "c"]);
});

test("a moment is shown by the phone's clock and written with its zone", () => {
  const written = asWritten("2026-11-22T14:30");
  assert.match(written, /^2026-11-22T14:30:00\.000[+-]\d\d:\d\d$/);
  assert.equal(asShown(written), "2026-11-22T14:30");
  assert.equal(asShown("not a day"), "");
  assert.equal(asWritten(""), null);
});

test("marks are read line by line and nest", () => {
  assert.deepEqual(pieces("**a *b* c**d"), [{ tag: "strong", inside: ["a ", { tag: "em", inside: ["b"] }, " c"] }, "d"]);
  assert.deepEqual(pieces("3 * 4 * 5 与 snake_case_name"), ["3 * 4 * 5 与 snake_case_name"]);
  assert.deepEqual(blocks("# 一\n二\n\n- 三\n- 四").map(({ kind, lines }) => [kind, lines.length]), [["heading", 1], ["text", 1], ["list", 2]]);
});

test("what is read aloud has no marks, and a link says where it leads", () => {
  assert.equal(plain("# 先**看**房\n- [办法](https://example.org)"), "先看房 办法 (https://example.org)");
});

const DRAWN = { ...VISIT, media: ["pic1", "pic2"] };
const drawing = new Blob([new Uint8Array([1, 2, 3])]);

test("the pictures of a form come with it, once, and the form is not offered before", async () => {
  const { east } = await phoneWithParts(() => {});
  await east.getsDefinitions({ form: DRAWN });
  assert.deepEqual((await east.app.record("h1")).forms, []);
  const asked = await east.server.next();
  assert.match(asked.path, /\/api\/v1\/forms\/visit\/1\/media\/pic1$/);
  asked.respond(200, drawing);
  // One that is gone is none: the words beside it say the same.
  (await east.server.next()).respond(404, {});
  await east.rests();
  assert.deepEqual((await east.app.record("h1")).forms.map(({ form }) => form), ["visit"]);
  assert.deepEqual(new Uint8Array((await east.db().get("chunks", ["pic1", 0])).bytes), new Uint8Array([1, 2, 3]));
});

test("pictures go with the last version that shows them", () => {
  const forms = [["1", ["a", "b"]], ["2", ["b", "c"]], ["3", ["c"]]].map(([version, media]) => ({ id: `f/${version}`, definition: { media } }));
  assert.deepEqual(spentPictures([...forms, { id: "f/4", definition: null }], ["f/1"]), ["a"]);
  assert.deepEqual(spentPictures(forms, ["f/1", "f/2"]), ["a", "b", "b"]);
  assert.deepEqual(spentPictures(forms, []), []);
});

test("an area is written closed and read open, a line as it was walked", () => {
  const corners = ["29.8 118.3 0 5", "29.801 118.3 0 5", "29.801 118.301 0 5"];
  assert.equal(written(corners, true), [...corners, corners[0]].join(";"));
  assert.deepEqual(cornersOf(written(corners, true), true), corners);
  assert.equal(written(corners, false), corners.join(";"));
  assert.deepEqual(cornersOf(" 1 2 ; 3 4 ;", false), ["1 2", "3 4"]);
  assert.equal(written(corners.slice(0, 2), true), corners.slice(0, 2).join(";"), "two corners are no area yet");
  assert.equal(written([], true), null);
});

test("an area is measured in square metres", () => {
  const square = ["0 0", "0 0.001", "0.001 0.001", "0.001 0"];
  assert.ok(Math.abs(areaOf(square) - 111.32 ** 2) < 1);
  assert.equal(areaOf(["29.8 118.3", "29.8 118.3", "29.8 118.3"]), 0);
});

test("a stamp says what the form asks for and the photo knows, and never who", () => {
  const photo = { sha256: "a", taken_at: 1_793_500_000_000, position: { point: "29.8701 118.33 210 12", age: 3, source: "device" } };
  const number = "visit abcd1234";
  const said = stampOf({ parameters: { stamp: "number place who" }, value: photo }, number);
  assert.match(said, /29\.8701.*118\.33.* {2}visit abcd1234$/);
  assert.match(stampOf({ parameters: { stamp: "time number" }, value: photo }, number), /^2026-1[01]-\d\d \d\d:\d\d {2}visit abcd1234$/);
  assert.equal(stampOf({ parameters: { stamp: "time place" }, value: { sha256: "a" } }, number), "");
  assert.equal(stampOf({ parameters: {}, value: photo }, number), "");
  assert.equal(stampOf({ parameters: { stamp: "number" }, value: null }, number), "");
});

test("a photo is marked at the size it is kept at, and one that this phone cannot unpack is refused by its size", () => {
  assert.deepEqual(sheetFor(4000, 3000, 1600, 4), { width: 1600, height: 1200 });
  assert.deepEqual(sheetFor(900, 1200, 1600, 4), { width: 900, height: 1200 });
  assert.equal(sheetFor(12000, 9000, 1600, 8), null);
  assert.equal(sheetFor(6000, 8000, 1600, 1), null);
});
