// What is said where the server gave no answer.

/**
 * Return a function that says, in the language of the moment, why there is no answer; null where there is one.
 *
 * @param {App} app
 * @param {object | null} received  an answer, a refusal, or null where nothing came
 * @returns {(() => string) | null}
 */
export function problemOf(app, received) {
  if (!received) return () => app.t("failed");
  const refusal = /** @type {Partial<Refusal>} */ (received);
  if (!refusal.error) return null;
  return () => (refusal.code ? app.t(`error_${refusal.code}`, refusal.values) : refusal.error ?? "");
}

/**
 * Return the answer, null where the server refused or nothing came.
 *
 * @template {object} T
 * @param {T | Refusal | null | undefined} received
 * @returns {T | null}
 */
export function answerOf(received) {
  return !received || ("error" in received && received.error) ? null : /** @type {T} */ (received);
}
