// How a ranking moved a sticker, and the signs that say so without colour.

/**
 * Return how a sticker moved: kind (up, down, same, new, gone), steps, places before and after (null: not shown).
 *
 * @param {number | null} before
 * @param {number | null} after
 * @returns {Move}
 */
export function movement(before, after) {
  if (after === null) return { kind: "gone", before, after };
  if (before === null) return { kind: "new", before, after };
  const steps = before - after;
  return { kind: steps > 0 ? "up" : steps < 0 ? "down" : "same", steps: Math.abs(steps), before, after };
}

/** @type {Record<Move["kind"], string>} */
export const MOVE_SIGNS = { up: "▲", down: "▼", same: "=", new: "✦", gone: "▼" };

/** The sign on stickers that the searching person clicked for this very query in the test split. */
export const RELEVANT_SIGN = "✓";
