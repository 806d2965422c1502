// What a visitor leaves in this browser, and what they take home as a file. Nothing here reaches the server.

/**
 * Keep a list or an object under a name in this browser, or where `storage` says: for this visit alone. Where the browser keeps nothing (private windows), it lives as
 * long as the page.
 *
 * @template {object} T
 * @param {string} name
 * @param {T} empty
 */
export function createKeep(name, empty, storage = () => window.localStorage) {
  const key = `persrv-${name}`;
  let value = read();

  /** @returns {T} */
  function read() {
    try {
      const found = JSON.parse(storage().getItem(key) ?? "null") ?? empty;
      return typeof found === "object" && Array.isArray(found) === Array.isArray(empty) ? found : empty;
    } catch {
      return empty; // no storage, or something else wrote there
    }
  }

  return {
    get: () => value,
    /** @param {T} changed */
    set(changed) {
      value = changed;
      try {
        storage().setItem(key, JSON.stringify(changed));
      } catch {
        // storage full or forbidden: the page itself still holds the value
      }
    },
    clear() {
      value = empty;
      try {
        storage().removeItem(key);
      } catch {
        // nothing was kept
      }
    },
  };
}
