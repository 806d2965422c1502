// A figure: rankings as a picture for a paper or a slide, drawn from the very stickers and ranks on the page, on white.

import { settingsLine } from "./knobs.js";
import { RELEVANT_SIGN } from "./movement.js";

/** In CSS pixels; `scale` of them a pixel of the file. `least`: places a row is laid out for, so that tiles stay tiles. */
const SHEET = { width: 1200, margin: 56, scale: 2, gutter: 196, gap: 10, tile: 92, least: 9, link: 44 };
/** @type {Record<string, string>} */
const INKS = { text: "#15181e", quiet: "#5a6270", line: "#dfe2e8", tile: "#f1f2f5", page: "#ffffff", up: "#0c7a4d", down: "#8b6a2b", same: "#aab0bb", new: "#2b62cf", gone: "#5a6270" };

/**
 * The figure as a PNG, twice as fine as a screen.
 *
 * figure: eyebrow, title, person, face (address of a picture or null), sentences, rows, footer (lines). A row: title,
 * hint, entries, absent (what is said in its last place, or ""). An entry: id, picture (address), rank, kind and badge
 * (how it moved, or null), marked, apart (whether places above it are left out).
 *
 * @param {App} app
 * @param {Figure} figure
 */
export async function figureBlob(app, figure) {
  const addresses = [figure.face, ...figure.rows.flatMap((row) => row.entries.map((entry) => entry.picture))].filter((address) => address !== null);
  /** @type {[string, HTMLImageElement | null][]} */
  const loaded = await Promise.all([...new Set(addresses)].filter(Boolean).map(async (address) => [address, await loadPicture(address)]));
  const pictures = new Map(loaded);
  const canvas = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const font = window.getComputedStyle(app.element).fontFamily;
  const height = Math.ceil(paintFigure(context, font, figure, pictures)); // painted on nothing, to learn its height
  canvas.width = SHEET.width * SHEET.scale;
  canvas.height = height * SHEET.scale;
  context.scale(SHEET.scale, SHEET.scale);
  context.fillStyle = INKS.page;
  context.fillRect(0, 0, SHEET.width, height);
  paintFigure(context, font, figure, pictures);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}

/**
 * Load the picture at an address, null where there is none.
 *
 * @param {string} address
 */
async function loadPicture(address) {
  const image = new Image();
  image.src = address;
  return image.decode().then(() => image, () => null);
}

/**
 * Paint everything; return the height that it took.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} font
 * @param {Figure} figure
 * @param {Map<string, HTMLImageElement | null>} pictures
 */
function paintFigure(context, font, figure, pictures) {
  const write = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, /** @type {TextLook} */ options) => writeText(context, font, text, x, y, options);
  const { margin, width } = SHEET;
  const inner = width - 2 * margin;
  let y = margin;

  const indent = figure.face ? 76 : 0;
  if (figure.face) paintTile(context, pictures.get(figure.face), margin, y, 60, 30);
  y = write(figure.eyebrow, margin + indent, y, { size: 13, weight: 600, ink: INKS.quiet, most: 1 });
  y = write(figure.title, margin + indent, y + 1, { size: 30, weight: 680, width: inner - indent, most: 2 });
  if (figure.person) y = write(figure.person, margin + indent, y, { size: 15, ink: INKS.quiet, most: 1 });
  y = Math.max(y, margin + (figure.face ? 60 : 0)) + 14;
  for (const sentence of figure.sentences) y = write(sentence, margin, y, { size: 16, width: Math.min(inner, 960), most: 6 }) + 4;

  y += 26;
  let above = null;
  for (const row of figure.rows) {
    if (above) y += SHEET.link;
    const places = paintRow(context, write, row, pictures, y);
    if (above) paintLinks(context, above, places);
    above = places;
    y = places.bottom;
  }

  y += 34;
  context.fillStyle = INKS.line;
  context.fillRect(margin, y, inner, 1);
  y += 14;
  for (const line of figure.footer) y = write(line, margin, y, { size: 11.5, ink: INKS.quiet, width: inner, most: 3 }) + 1;
  return y + margin * 0.6;
}

/**
 * Paint one ranking, its name at the left, its stickers in a row; return where each of them is, for the links.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {WriteText} write
 * @param {FigureRow} row
 * @param {Map<string, HTMLImageElement | null>} pictures
 * @param {number} y
 */
function paintRow(context, write, row, pictures, y) {
  const count = Math.max(SHEET.least, row.entries.length + (row.absent ? 1 : 0));
  const left = SHEET.margin + SHEET.gutter;
  const tile = Math.min(SHEET.tile, (SHEET.width - SHEET.margin - left - SHEET.gap * (count - 1)) / count);
  const at = (/** @type {number} */ place) => left + place * (tile + SHEET.gap);
  const named = write(row.title, SHEET.margin, y + 4, { size: 15, weight: 650, width: SHEET.gutter - 28, most: 3 });
  const hinted = write(row.hint, SHEET.margin, named + 2, { size: 12.5, ink: INKS.quiet, width: SHEET.gutter - 28, most: 4 });

  const entries = row.entries.map((entry, place) => {
    const x = at(entry.apart ? count - 1 : place);
    if (entry.apart) write("···", x - SHEET.gap - tile / 2, y + tile / 2 - 12, { size: 18, ink: INKS.quiet, align: "center" });
    paintTile(context, pictures.get(entry.picture), x, y, tile, 14);
    if (entry.marked) paintFrame(context, x, y, tile, 14, INKS.up);
    const told = [`${entry.marked ? `${RELEVANT_SIGN} ` : ""}${entry.rank}`, entry.badge].filter(Boolean).join("  ");
    write(told, x + tile / 2, y + tile + 7, { size: 13, weight: entry.marked ? 700 : 500, ink: entry.marked ? INKS.up : (entry.kind && INKS[entry.kind]) || INKS.quiet, align: "center" });
    return { ...entry, x: x + tile / 2 };
  });
  if (row.absent) paintAbsent(context, write, row.absent, row.entries.length ? at(count - 1) : left, y, row.entries.length ? tile : SHEET.width - SHEET.margin - left, tile);
  return { entries, top: y, bottom: Math.max(y + tile + 28, hinted) };
}

/**
 * Paint a line from each sticker of the upper row to itself in the lower one: the slope shows its movement.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {PaintedRow} upper
 * @param {PaintedRow} lower
 */
function paintLinks(context, upper, lower) {
  const [from, to] = [upper.bottom + 2, lower.top - 6];
  const byId = new Map(upper.entries.map((entry) => [entry.id, entry]));
  const marksLast = lower.entries.toSorted((a, b) => Number(a.marked) - Number(b.marked));
  for (const entry of marksLast) {
    const start = byId.get(entry.id);
    if (!start) continue;
    const kind = entry.rank < start.rank ? "up" : entry.rank > start.rank ? "down" : "same";
    context.save();
    context.strokeStyle = INKS[kind];
    context.lineWidth = entry.marked ? 4 : 1.75;
    context.setLineDash(kind === "down" && !entry.marked ? [6, 4] : []);
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(start.x, from);
    context.bezierCurveTo(start.x, (from + to) / 2, entry.x, (from + to) / 2, entry.x, to);
    context.stroke();
    context.restore();
  }
}

/**
 * Paint a picture whole within a rounded square.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLImageElement | null | undefined} image
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {number} radius
 */
function paintTile(context, image, x, y, size, radius) {
  context.save();
  context.beginPath();
  context.roundRect(x, y, size, size, radius);
  context.fillStyle = INKS.tile;
  context.fill();
  context.clip();
  if (image) {
    const inset = Math.min(5, radius / 2);
    const scale = (size - 2 * inset) / Math.max(image.naturalWidth, image.naturalHeight);
    const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale];
    context.imageSmoothingQuality = "high";
    context.drawImage(image, x + (size - w) / 2, y + (size - h) / 2, w, h);
  }
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {number} radius
 * @param {string} ink
 */
function paintFrame(context, x, y, size, radius, ink) {
  context.save();
  context.strokeStyle = ink;
  context.lineWidth = 3.5;
  context.beginPath();
  context.roundRect(x, y, size, size, radius);
  context.stroke();
  context.restore();
}

/**
 * Paint what is said where a sticker is missing.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {WriteText} write
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function paintAbsent(context, write, text, x, y, width, height) {
  context.save();
  context.strokeStyle = INKS.quiet;
  context.setLineDash([4, 4]);
  context.beginPath();
  context.roundRect(x, y, width, height, 14);
  context.stroke();
  context.restore();
  const lines = Math.min(4, linesOf(context, text, width - 12).length);
  write(text, x + width / 2, y + height / 2 - lines * 9, { size: 12.5, ink: INKS.quiet, width: width - 12, align: "center", most: 4 });
}

/**
 * Write a text from y downwards, at most `most` lines of at most `width`; return where the next line would begin.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} font
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {TextLook} textLook
 */
function writeText(context, font, text, x, y, { size, weight = 400, ink = INKS.text, width = SHEET.width, most = 1, align = "left" }) {
  if (!text) return y;
  context.font = `${weight} ${size}px ${font}`;
  context.fillStyle = ink;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  const lines = linesOf(context, text, width);
  if (lines.length > most) lines.splice(most - 1, Infinity, shortened(context, lines[most - 1], width));
  const step = Math.round(size * 1.42);
  lines.forEach((line, place) => context.fillText(line, x, y + place * step + size * 1.08));
  return y + lines.length * step;
}

/**
 * Break a text into lines at spaces and between Han characters, never before their punctuation; endless words break
 * anywhere.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 */
function linesOf(context, text, width) {
  const fits = (/** @type {string} */ line) => context.measureText(line.trimEnd()).width <= width;
  const pieces = text.match(/[\u2e80-\u9fff\uff00-\uffef][\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f\u201d\u300b\u300d]*|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+/gu) ?? [];
  const lines = [""];
  for (const piece of pieces.flatMap((each) => (fits(each) ? [each] : [...each]))) {
    if (lines.at(-1) && !fits(lines.at(-1) + piece)) lines.push("");
    lines[lines.length - 1] += piece;
  }
  return lines.map((line) => line.trimEnd());
}

/**
 * Shorten a line so that it ends in "…".
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} line
 * @param {number} width
 */
function shortened(context, line, width) {
  let kept = [...line];
  while (kept.length && context.measureText(`${kept.join("")}…`).width > width) kept = kept.slice(0, -1);
  return `${kept.join("").trimEnd()}…`;
}

// ---- what every figure says at its foot

/**
 * Return the lines at a figure's foot: bundle, content hash, the settings behind the ranks, date.
 *
 * @param {App} app
 * @param {Settings} settings
 */
export function figureFooter(app, settings) {
  const { name, content_hash, licence } = app.start.about;
  const date = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const world = app.start.simulated ? app.t("simulated") : null;
  return [["PerSRV", name, world, licence, date].filter(Boolean).join(" · "), `sha256 ${content_hash}`, settingsLine(app, settings)];
}
