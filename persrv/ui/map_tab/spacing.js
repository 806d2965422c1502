// Room on the map: what would hide one another steps aside, and what finds no room is left out. Pure: nothing here draws.

/** @typedef {[x: number, y: number]} Spot */

/**
 * Spots moved apart until no two are nearer than their rooms touch, or 60 rounds are over; how far each one moved.
 *
 * @param {Spot[]} homes
 * @param {number[]} rooms  pixels across each
 * @returns {Spot[]}
 */
export function stepsAside(homes, rooms) {
  const at = homes.map(([x, y]) => [x, y]);
  for (let round = 0; round < 60; round += 1) {
    for (let i = 0; i < at.length; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const room = (rooms[i] + rooms[j]) / 2;
        const [dx, dy] = [at[i][0] - at[j][0] || 0.1 * (i - j), at[i][1] - at[j][1] || 0.1];
        const distance = Math.hypot(dx, dy);
        if (distance >= room) continue;
        const push = (room - distance) / 2 / distance;
        at[i] = [at[i][0] + dx * push, at[i][1] + dy * push];
        at[j] = [at[j][0] - dx * push, at[j][1] - dy * push];
      }
    }
  }
  return at.map(([x, y], place) => [x - homes[place][0], y - homes[place][1]]);
}

/**
 * Spots that are taken. `crowded` says whether a spot is nearer than `gap` to a taken one; cells of that size keep it
 * from looking at all of them.
 *
 * @param {number} gap
 */
export function createTaken(gap) {
  /** @type {Map<string, Spot[]>} */
  const taken = new Map();
  const cellOf = (/** @type {number} */ value) => Math.floor(value / gap);
  return {
    /**
     * @param {number} x
     * @param {number} y
     */
    take(x, y) {
      const cell = `${cellOf(x)},${cellOf(y)}`;
      taken.set(cell, [...(taken.get(cell) ?? []), [x, y]]);
    },
    /**
     * @param {number} x
     * @param {number} y
     */
    crowded(x, y) {
      for (let i = -1; i <= 1; i += 1) {
        for (let j = -1; j <= 1; j += 1) {
          for (const [a, b] of taken.get(`${cellOf(x) + i},${cellOf(y) + j}`) ?? []) {
            if ((a - x) ** 2 + (b - y) ** 2 < gap ** 2) return true;
          }
        }
      }
      return false;
    },
  };
}
