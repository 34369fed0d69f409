/**
 * Decoding and shrinking of one picture. Runs in a worker, so that the form answers while a slow processor draws;
 * where a browser's worker cannot draw (Safari before 16.4) the page runs the same code itself.
 */

/** @typedef {{ photo: ArrayBuffer|null, thumb: ArrayBuffer|null }} Drawn `photo` null: keep the original */
/** @typedef {{ bytes: ArrayBuffer, type: string, edge: number, target: number, thumbTarget: number, keep: boolean }} Job */

const THUMB_EDGE = 320;
/** Below the last of these a crack in a wall is no longer seen; a smaller picture shows more than a coarser one. */
const QUALITIES = [0.82, 0.7, 0.6, 0.5];
const SMALLER = 0.8;
const SMALLEST_EDGE = 120;
const inWorker = typeof document === "undefined";

/**
 * The photo and its thumbnail as JPEG; both null when this browser cannot decode it. With `keep` the original already
 * fits and only the thumbnail is drawn.
 * @param {Job} job
 * @returns {Promise<Drawn>}
 */
export async function draw({ bytes, type, edge, target, thumbTarget, keep }) {
  const image = await decode(new Blob([bytes], { type }));
  if (!image) return { photo: null, thumb: null };
  const large = scaled(image, edge);
  image.close?.();
  if (image.src) URL.revokeObjectURL(image.src);
  if (!large) return { photo: null, thumb: null };
  const photo = keep ? null : await encode(large, target);
  // From the smaller picture: the large one is gone by now, and with it most of the memory.
  const small = scaled(large, THUMB_EDGE);
  const thumb = small && (await encode(small, thumbTarget));
  for (const canvas of [large, small]) if (canvas) canvas.width = canvas.height = 1;
  return { photo, thumb };
}

/** An upright picture, or null. @param {Blob} blob @returns {Promise<any>} */
async function decode(blob) {
  if (inWorker) return createImageBitmap(blob).catch(() => null);
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  try {
    await image.decode();
    return image;
  } catch {
    URL.revokeObjectURL(image.src);
    return null;
  }
}

/** A canvas with the picture at most `edge` pixels long. @param {any} image @param {number} edge @returns {any} */
function scaled(image, edge) {
  const width = image.naturalWidth || image.width;
  const height = image.naturalHeight || image.height;
  const scale = Math.min(1, edge / Math.max(width, height));
  /** @type {any} */
  const canvas = inWorker ? new OffscreenCanvas(1, 1) : document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/**
 * As JPEG within `target` bytes: coarser first, then smaller. Null when the canvas gave nothing (iPhones do so silently
 * when canvas memory is used up).
 * @param {any} canvas
 * @param {number} target
 * @returns {Promise<ArrayBuffer|null>}
 */
async function encode(canvas, target) {
  /** @type {Blob|null} */
  let best = null;
  for (const quality of QUALITIES) {
    const wish = { type: "image/jpeg", quality };
    best = await (inWorker ? canvas.convertToBlob(wish) : new Promise((resolve) => canvas.toBlob(resolve, wish.type, quality)));
    if (!best || best.size <= target) break;
  }
  const edge = Math.max(canvas.width, canvas.height) * SMALLER;
  if (best && best.size > target && edge > SMALLEST_EDGE) return encode(scaled(canvas, edge), target);
  return best && best.size > 200 ? best.arrayBuffer() : null;
}

if (inWorker) {
  addEventListener("message", async ({ data }) => {
    const drawn = await draw(data).catch(() => ({ photo: null, thumb: null }));
    postMessage(drawn);
  });
}
