// Playing a ready conversation: letters come one by one, stickers are offered, and the first is sent.

import { reducedMotion } from "../shared/dom.js";

const LETTER = 70; // ms between two letters
const READING = 700; // ms before a message goes
const CHOOSING = 1100; // ms in which what is offered is seen

/**
 * Play messages. stage: type(side, text) shows a draft of somebody, send(message) sends; both may be awaited. `ended`
 * is called at the end, also where `stop` brings it about. `play` resolves to whether it went on to the end.
 *
 * @param {{ type: (side: Side, text: string) => void | Promise<void>, send: (message: ChatMessage) => void }} stage
 * @param {() => void} ended
 */
export function createPlayer(stage, ended) {
  let run = 0;
  let playing = false;

  /** @param {ChatMessage[]} messages */
  async function play(messages) {
    const number = ++run;
    playing = true;
    const wait = (/** @type {number} */ ms) => new Promise((resolve) => window.setTimeout(resolve, ms));
    for (const message of messages) {
      const text = message.text ?? "";
      const steps = reducedMotion() ? [text] : Array.from(text, (_, at) => Array.from(text).slice(0, at + 1).join(""));
      await stage.type(message.side, "");
      for (const typed of steps.filter(Boolean)) {
        if (number !== run) return false;
        stage.type(message.side, typed);
        await wait(LETTER);
      }
      await wait(message.sticker ? CHOOSING : READING);
      if (number !== run) return false;
      stage.send(message);
    }
    stop();
    return true;
  }

  function stop() {
    run += 1;
    if (!playing) return;
    playing = false;
    ended();
  }

  return { play, stop, playing: () => playing };
}
