// What is said where the server gave no answer.

/**
 * Why an answer is none, as a function that says it in the language of the moment; null where it is one.
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
 * The answer itself, null where the server refused to give one or nothing came.
 *
 * @template {object} T
 * @param {T | Refusal | null | undefined} received
 * @returns {T | null}
 */
export function answerOf(received) {
  return !received || ("error" in received && received.error) ? null : /** @type {T} */ (received);
}
