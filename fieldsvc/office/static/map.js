/**
 * The map of households. The page stands without this file: its villages are a table.
 *
 * The server answers for a view with cells of a grid, or with each house where they are few, already shifted into the
 * datum of the tiles; nothing here converts. A rectangle is sent back as it was drawn.
 */

/** @type {any} Leaflet has no types here, and nothing but this page uses it */
const leaflet = /** @type {any} */ (window).L;
const frame = /** @type {HTMLElement} */ (document.querySelector("#map-frame"));

/** @param {string} name @returns {any} what the page says as JSON */
const told = (name) => JSON.parse(frame.dataset[name] ?? "null");

/** @param {any} bounds @returns {string} west, south, east, north */
const written = (bounds) => bounds.toBBoxString();

/** @param {string} text a name somebody typed: it becomes text and never markup */
function element(text) {
  const made = document.createElement("span");
  made.textContent = text;
  return made;
}

function start() {
  frame.hidden = false;
  const [south, west, north, east] = told("corners");
  const map = leaflet.map("map", { zoomControl: false, attributionControl: false, maxZoom: 19, minZoom: 3 });
  leaflet.control.zoom({ zoomInTitle: frame.dataset.zoomIn, zoomOutTitle: frame.dataset.zoomOut }).addTo(map);
  leaflet.control.scale({ imperial: false }).addTo(map);
  const tiles = told("tiles");
  if (frame.dataset.credit) leaflet.control.attribution({ prefix: false }).addAttribution(frame.dataset.credit).addTo(map);
  const [ground, marks, names] = [1, 2, 3].map(() => leaflet.layerGroup().addTo(map));
  let plain = !tiles.length;
  const refresh = () => {
    if (plain) drawGround(map, ground);
    load(map, marks, plain ? names : null);
  };
  map.on("moveend", refresh);
  map.fitBounds([[south - 0.002, west - 0.002], [north + 0.002, east + 0.002]], { maxZoom: 16 });
  // Where no tile comes (an office without the internet, a key that ran out) houses would stand on nothing.
  let came = false;
  const turn = (/** @type {boolean} */ now) => {
    if (now === plain) return;
    plain = now;
    for (const layer of [ground, names]) layer.clearLayers();
    refresh();
  };
  for (const address of tiles)
    leaflet.tileLayer(address, { subdomains: "01234567", maxZoom: 19 })
      .on("tileload", () => turn(!(came = true)))
      .on("tileerror", () => came || turn(true))
      .addTo(map);
  selectWith(map);
}

/** Lines of the grid of degrees: with the names of villages something to go by where there are no tiles. */
function drawGround(/** @type {any} */ map, /** @type {any} */ ground) {
  ground.clearLayers();
  const view = map.getBounds(), span = Math.max(view.getEast() - view.getWest(), 1e-4);
  const step = 10 ** Math.floor(Math.log10(span / 2));
  const line = (/** @type {number[][]} */ ends) =>
    leaflet.polyline(ends, { className: "graticule", interactive: false, weight: 1 }).addTo(ground);
  for (let x = Math.ceil(view.getWest() / step) * step; x < view.getEast(); x += step)
    line([[view.getSouth(), x], [view.getNorth(), x]]);
  for (let y = Math.ceil(view.getSouth() / step) * step; y < view.getNorth(); y += step)
    line([[y, view.getWest()], [y, view.getEast()]]);
}

/**
 * The names of villages, each where neither a circle, a house nor another name stands: one that cannot be read helps
 * nobody. The places nearest to the middle of its houses are tried first.
 */
function drawNames(/** @type {any} */ map, /** @type {any} */ names, /** @type {number[][]} */ cells, /** @type {any[][]} */ homes) {
  names.clearLayers();
  const view = map.getBounds(), { x: wide, y: high } = map.getSize();
  const around = (/** @type {number[]} */ [y, x], /** @type {number} */ half) => {
    const at = map.latLngToContainerPoint([y, x]);
    return [at.x - half, at.y - half, at.x + half, at.y + half];
  };
  const taken = [
    ...cells.map((cell) => around(cell, sizeOf(textOf(cell[2], cell[3])) / 2)),
    ...homes.map((home) => around(home, DOT + 2)),
  ];
  for (const [y, x, name] of told("villages")) {
    if (!view.contains([y, x])) continue;
    const icon = leaflet.divIcon({ className: "village", html: element(name), iconSize: null });
    const marker = leaflet.marker([y, x], { icon, interactive: false, keyboard: false }).addTo(names);
    const drawn = marker.getElement(), middle = map.latLngToContainerPoint([y, x]);
    const { offsetWidth: width, offsetHeight: height } = drawn;
    const offset = places(width, height).find(([across, down]) => {
      const left = middle.x + across, top = middle.y + down;
      const box = [left, top, left + width, top + height];
      return left >= 0 && top >= 0 && box[2] <= wide && box[3] <= high && !taken.some((other) => overlap(box, other));
    });
    if (!offset) {
      names.removeLayer(marker);
      continue;
    }
    const [left, top] = [middle.x + offset[0], middle.y + offset[1]];
    taken.push([left, top, left + width, top + height]);
    drawn.style.margin = `${offset[1]}px 0 0 ${offset[0]}px`;
  }
}

/** Where a name of this size may stand, from the middle of its village: right, left, below and above, then further out. */
function places(/** @type {number} */ width, /** @type {number} */ height) {
  return [18, 34, 46].flatMap((far) => [
    [far, -height / 2], [-far - width, -height / 2], [-width / 2, far - height / 2], [-width / 2, -far - height / 2],
  ]);
}

/**
 * Circles of which one would lie over the other's numbers as one circle, in the middle of all their houses.
 * @param {any} map @param {number[][]} cells
 */
function apart(map, cells) {
  /** @type {number[][]} */
  const kept = [];
  for (let cell of cells) {
    for (let at = near(map, kept, cell); at >= 0; at = near(map, kept, cell)) {
      const [[y, x, number, marked]] = kept.splice(at, 1), all = number + cell[2];
      cell = [(y * number + cell[0] * cell[2]) / all, (x * number + cell[1] * cell[2]) / all, all, marked + cell[3]];
    }
    kept.push(cell);
  }
  return kept;
}

/** The place of a circle that this one would touch, or -1. @param {any} map @param {number[][]} kept @param {number[]} cell */
function near(map, kept, cell) {
  const at = (/** @type {number[]} */ [y, x]) => map.latLngToContainerPoint([y, x]);
  const sized = (/** @type {number[]} */ [, , number, marked]) => sizeOf(textOf(number, marked));
  return kept.findIndex((other) => at(cell).distanceTo(at(other)) < (sized(cell) + sized(other)) / 2);
}

/** @param {number[]} one @param {number[]} other left, top, right, bottom in pixels */
const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
/** How far a house's dot reaches from its middle. */
const DOT = 8;
/** What a circle says: how many of how many. @param {number} number @param {number} marked */
const textOf = (number, marked) => (marked ? `${marked}/${number}` : `${number}`);
/** @param {string} text */
const sizeOf = (text) => Math.max(32, 14 + 7 * text.length);

/** So many circles fit beside one another across the longer side. @param {any} map */
const across = (map) => Math.floor(Math.max(map.getSize().x, map.getSize().y) / 88);

let asked = 0;

/** Fetch what stands in the view; an answer to an earlier view is dropped. */
async function load(/** @type {any} */ map, /** @type {any} */ marks, /** @type {any} */ names) {
  const mine = (asked += 1);
  const said = /** @type {HTMLElement} */ (frame.querySelector("[data-said]"));
  try {
    const address = frame.dataset.places ?? "";
    const reply = await fetch(`${address}${address.includes("?") ? "&" : "?"}view=${written(map.getBounds())}&across=${across(map)}`);
    if (!reply.ok) throw new Error(String(reply.status));
    const found = await reply.json();
    if (mine !== asked) return;
    said.textContent = "";
    marks.clearLayers();
    const cells = apart(map, found.cells);
    for (const one of cells) addCell(map, marks, one);
    for (const one of found.homes) addHome(marks, one);
    if (names) drawNames(map, names, cells, found.homes);
    frame.dataset.shown = String(cells.length + found.homes.length);
  } catch {
    if (mine === asked) said.textContent = frame.dataset.lost ?? "";
  }
}

/** A circle with its numbers; it opens the map there. */
function addCell(/** @type {any} */ map, /** @type {any} */ marks, /** @type {number[]} */ [y, x, number, marked]) {
  const text = textOf(number, marked), size = sizeOf(text);
  const icon = leaflet.divIcon({ className: `cell${marked ? " marked" : ""}`, html: element(text), iconSize: [size, size] });
  const cell = leaflet.marker([y, x], { icon, title: text, alt: text }).addTo(marks);
  cell.on("click", () => map.setView([y, x], Math.min(map.getZoom() + 2, 19)));
}

/** A house with the circle its point may lie in; its name opens the household. */
function addHome(/** @type {any} */ marks, /** @type {any[]} */ [y, x, id, label, marked, accuracy]) {
  const style = getComputedStyle(frame);
  const color = style.getPropertyValue(marked ? "--attention" : "--brand").trim();
  if (accuracy > 15) leaflet.circle([y, x], { radius: accuracy, color, weight: 1, fillOpacity: 0.08, interactive: false }).addTo(marks);
  const dot = leaflet.circleMarker([y, x], { radius: 7, color: "#fff", weight: 2, fillColor: color, fillOpacity: 1 }).addTo(marks);
  const link = document.createElement("a");
  link.href = (frame.dataset.household ?? "").replace(/-$/, id);
  link.textContent = label || id;
  dot.bindPopup(link);
}

/** Draw a rectangle, or take the view as it is (by keyboard too), and open the list of what is in it. */
function selectWith(/** @type {any} */ map) {
  const list = frame.dataset.list ?? "";
  const open = (/** @type {any} */ bounds) => {
    location.href = `${list}${list.includes("?") ? "&" : "?"}view=${written(bounds)}`;
  };
  frame.querySelector("[data-view]")?.addEventListener("click", () => open(map.getBounds()));
  const button = /** @type {HTMLElement} */ (frame.querySelector("[data-draw]"));
  const ground = map.getContainer();
  let from = /** @type {any} */ (null);
  let shape = /** @type {any} */ (null);
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    ground.classList.toggle("drawing", on);
    map.dragging[on ? "disable" : "enable"]();
  });
  const drawing = () => button.getAttribute("aria-pressed") === "true";
  ground.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (!drawing()) return;
    ground.setPointerCapture(event.pointerId);
    from = map.mouseEventToLatLng(event);
  });
  ground.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (!from) return;
    shape?.remove();
    shape = leaflet.rectangle([from, map.mouseEventToLatLng(event)], { weight: 2, interactive: false }).addTo(map);
  });
  ground.addEventListener("pointerup", () => {
    from = null;
    if (shape) open(shape.getBounds());
  });
}

if (leaflet && frame) start();
