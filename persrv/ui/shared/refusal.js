// What is said where the server gave no answer.

/**
 * Why an answer is none, as a function that says it in the language of the moment; null where it is one.
 *
 * @param {App} app
 * @param {any} received  an answer, a refusal, or null where nothing came
 * @returns {(() => string) | null}
 */
export function problemOf(app, received) {
  if (!received) return () => app.t("failed");
  if (!received.error) return null;
  return () => (received.code ? app.t(`error_${received.code}`, received.values) : received.error);
}
