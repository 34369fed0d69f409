import assert from "node:assert/strict";
import { test } from "node:test";

import { photosIn } from "../../fieldsvc/static/core/operations.js";
import { questionAt } from "../../fieldsvc/static/core/views.js";
import { earlierPhotos } from "../../fieldsvc/static/parts/camera.js";

const question = (name, parameters) => ({ name, ref: `/data/${name}`, kind: "question", type: "image", parameters });
const form = (id, nodes) => ({ id: `${id}/1`, form: id, version: "1", title: { zh: id }, definition: { nodes } });
const SHELF = {
  me: "p1", now: 0, language: "zh", drafts: [], outbox: [], subjects: [], notices: [], entities: [], datasets: [], photos: [],
  forms: [
    form("case", [question("wide", { slot: "before" }), question("crack", { slot: "danger" })]),
    form("acceptance", [
      { name: "photos", ref: "/data/photos", kind: "repeat", children: [{ ...question("photos/wide"), parameters: { slot: "after", ghost: "before" } }] },
      question("plain", {}),
    ]),
  ],
  submissions: [],
};
const visit = (id, more) => ({ id, form: "case", version: "1", subject: "h1", author: "", author_id: "p2", received_at: 1, state: "approved", ...more });
const draft = { form: "acceptance", version: "1", subject: "h1" };

test("a photo after the work is lined up with the ones before it, the newest first", () => {
  const shelf = { ...SHELF, submissions: [
    visit("s1", { started_at: 100, photos: [{ ref: "/data/wide", sha256: "old" }, { ref: "/data/crack", sha256: "crack" }] }),
    visit("s2", { started_at: 200, photos: [{ ref: "/data/wide", sha256: "new" }] }),
    visit("s3", { started_at: 300, subject: "h2", photos: [{ ref: "/data/wide", sha256: "neighbour" }] }),
    visit("s4", { started_at: 400, state: "rejected", photos: [{ ref: "/data/wide", sha256: "rejected" }] }),
  ] };
  assert.deepEqual(earlierPhotos(shelf, draft, "/data/photos[2]/wide"), [{ sha256: "new", at: 200 }, { sha256: "old", at: 100 }]);
});

test("a photo that is taken again for an amendment is not lined up with itself", () => {
  const shelf = { ...SHELF, submissions: [visit("s1", { started_at: 100, photos: [{ ref: "/data/wide", sha256: "old" }] })] };
  assert.deepEqual(earlierPhotos(shelf, { ...draft, replaces: "s1" }, "/data/photos[1]/wide"), []);
});

test("a photo question without a slot belongs to no series", () => {
  const shelf = { ...SHELF, submissions: [visit("s1", { started_at: 1, photos: [{ ref: "/data/wide", sha256: "old" }] })] };
  assert.deepEqual(earlierPhotos(shelf, draft, "/data/plain"), []);
  assert.deepEqual(earlierPhotos(shelf, { ...draft, version: "7" }, "/data/plain"), []);
});

test("where an earlier photo was taken is told with it, whether the office or this phone knows", () => {
  const wide = { ref: "/data/wide", position: "29.7 118.3 0 5" };
  const entry = { id: "s9", kind: "submission", form: "case", version: "1", subject: "h1", state: "waiting", created_at: 500, photos: [{ ...wide, sha256: "mine" }] };
  const shelf = { ...SHELF, outbox: [entry], submissions: [visit("s1", { started_at: 100, photos: [{ ...wide, sha256: "old", thumb: true }] })] };
  assert.deepEqual(earlierPhotos(shelf, draft, "/data/photos[1]/wide"), [
    { sha256: "mine", at: 500, position: wide.position }, { sha256: "old", at: 100, position: wide.position },
  ]);
  const answers = { wide: { sha256: "mine", bytes: 1, type: "image/jpeg", position: { point: wide.position, age: 2, source: "device" } } };
  assert.deepEqual(photosIn(answers), [{ ref: "/data/wide", sha256: "mine", position: wide.position }]);
});

test("a photo of a visit that is still on this phone counts too", () => {
  const entry = { id: "s9", kind: "submission", form: "case", version: "1", subject: "h1", state: "waiting", created_at: 500, photos: [{ ref: "/data/wide", sha256: "mine" }] };
  assert.deepEqual(earlierPhotos({ ...SHELF, outbox: [entry] }, draft, "/data/photos[1]/wide"), [{ sha256: "mine", at: 500 }]);
});

test("a question is found by the path of its answer, in whichever item", () => {
  assert.equal(questionAt(SHELF.forms[1].definition, "/data/photos[3]/wide").parameters.slot, "after");
  assert.equal(questionAt(undefined, "/data/wide"), undefined);
});
