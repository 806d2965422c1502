// A figure: rankings for a paper or a slide, of the very stickers and ranks on the page. The server draws it
// (persrv/figures), because it has the typeface whose glyphs travel in the file.

import { decoded } from "./files.js";
import { settingsLine } from "./knobs.js";

/** Millimetres that journals give a figure. */
export const FIGURE_WIDTHS = { one: 84, two: 174 };

/** Pixels of a PNG a millimetre: 350 an inch. */
const FINE = 2400 / 174;

const MEDIA = { svg: "image/svg+xml", pdf: "application/pdf", png: "image/png" };

/**
 * Return a figure as a file, null where it cannot be drawn.
 *
 * @param {App} app
 * @param {Figure} figure
 * @param {keyof typeof MEDIA} format
 * @returns {Promise<Blob | null>}
 */
export async function figureFile(app, figure, format, width = FIGURE_WIDTHS.two) {
  const answer = await app.server.figure({ figure, width, format: format === "pdf" ? "pdf" : "svg" }).catch(() => null);
  if (!answer || answer.error !== undefined) return null;
  const drawn = new Blob([decoded(answer.file)], { type: MEDIA[format === "pdf" ? "pdf" : "svg"] });
  return format === "png" ? asPixels(drawn, width) : drawn;
}

/**
 * Return an SVG as a PNG, fine enough to print; null where the browser cannot draw it.
 *
 * @param {Blob} drawn
 * @param {number} width  in millimetres
 * @returns {Promise<Blob | null>}
 */
export async function asPixels(drawn, width) {
  const address = URL.createObjectURL(drawn);
  const image = new Image();
  image.src = address;
  const loaded = await image.decode().then(() => true, () => false);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * FINE);
  canvas.height = Math.round((canvas.width * image.naturalHeight) / (image.naturalWidth || 1));
  if (loaded) canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  return loaded ? new Promise((resolve) => { canvas.toBlob(resolve, MEDIA.png); }) : null;
}

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
