// Files of the judge tab: judgements out and in as qrels, and a run file as side B. The server reads what comes in.

import { part } from "../shared/dom.js";
import { saveFile } from "../shared/files.js";
import { problemOf } from "../shared/refusal.js";
import { qrelsText, topicsIn } from "./topics.js";

const MOST_BYTES = 4_000_000;

/**
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Judging} judging
 * @param {{ tell: (problem: string) => void, use: (text: string) => void, typed: () => string, runRead: () => void }} then
 *   use: take a list of queries; typed: what stands in the list's box; runRead: side B has become a run file
 */
export function mountFiles(app, element, judging, then) {
  /**
   * Read the file that an input was given, on the server; null where it is refused, and why is told.
   *
   * @param {Event} event
   * @param {"qrels" | "run"} kind
   */
  async function read(event, kind) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    if (!file) return null;
    const tooLarge = file.size > MOST_BYTES ? { error: app.t("judge_too_large", { max: MOST_BYTES / 1e6 }) } : null;
    const answer = tooLarge ?? (await app.server.judge_read({ kind, text: await file.text() }).catch(() => null));
    input.value = "";
    const problem = problemOf(app, answer);
    then.tell(problem ? problem() : "");
    return problem ? null : { ...answer, name: file.name };
  }

  part(element, "judge-export").addEventListener("click", () => saveFile("persrv.qrels", qrelsText(judging.judgements()), "text/plain"));

  part(element, "judge-import").addEventListener("change", async (event) => {
    const answer = await read(event, "qrels");
    if (!answer) return;
    /** @type {Judged} */
    const qrels = answer.qrels;
    const judgements = { ...judging.judgements() };
    for (const [topic, grades] of Object.entries(qrels)) judgements[topic] = { ...judgements[topic], ...grades };
    judging.keep({ judgements });
    app.announce(app.t("judge_read_done", { n: Object.values(qrels).reduce((sum, grades) => sum + Object.keys(grades).length, 0) }));
    const known = new Set(topicsIn(then.typed()).map(({ topic }) => topic));
    then.use([then.typed(), ...Object.keys(qrels).filter((topic) => !known.has(topic))].filter(Boolean).join("\n"));
  });

  part(element, "judge-run").addEventListener("change", async (event) => {
    const answer = await read(event, "run");
    if (!answer) return;
    Object.assign(judging.stickers, answer.stickers);
    Object.assign(judging.sides[1], { file: answer.name, rankings: answer.run });
    if (answer.unknown) then.tell(app.t("judge_unknown", { n: answer.unknown }));
    if (!then.typed().trim()) then.use(Object.keys(answer.run).join("\n"));
    then.runRead();
  });
}
