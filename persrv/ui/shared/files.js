// Files that a visitor takes home or brings along.

import { h } from "./dom.js";

/**
 * Hand the visitor a text, or what a Blob holds, as a file.
 *
 * @param {string} name
 * @param {BlobPart} content
 * @param {string} type
 */
export function saveFile(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * Return a text as part of a file's name.
 *
 * @param {string} text
 */
export function fileStem(text) {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "").slice(0, 40) || "search";
}

/**
 * Return a file's content in base64; null where the browser cannot read it.
 *
 * @param {File} chosen
 * @returns {Promise<string | null>}
 */
export function encode(chosen) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] || "");
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(chosen);
  });
}

/**
 * Return the bytes of a text in base64.
 *
 * @param {string} text
 */
export const decoded = (text) => Uint8Array.from(window.atob(text), (character) => character.charCodeAt(0));

/** @param {unknown[][]} lines */
export const csvText = (lines) => `\ufeff${lines.map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;

/**
 * Write a cell of CSV (RFC 4180); a text that a spreadsheet would take for a formula gets an apostrophe.
 *
 * @param {unknown} value
 */
export function csvCell(value) {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
