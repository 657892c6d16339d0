/** Runs the steps of set-up in order: each is asked whether it is needed, and only then works, with progress and duration. */
import process from 'node:process';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<string | undefined>} needed why there is work to do, or undefined: all is in place
 * @property {(progress: (text: string) => void) => Promise<string>} work does it; returns what it did
 */

/** @typedef {{ isTTY?: boolean, write(text: string): unknown }} Output */

/**
 * Speaks on standard error: what the program after it prints may go into a file.
 * @param {Step[]} steps
 * @param {{ out?: Output, now?: () => number }} [deps]
 * @returns {Promise<{ worked: string[], cached: string[], ms: number }>}
 */
export async function runSteps(steps, deps = {}) {
  const out = deps.out ?? process.stderr;
  const now = deps.now ?? (() => performance.now());
  const startedAt = now();
  /** @type {string[]} */
  const worked = [];
  /** @type {string[]} */
  const cached = [];
  for (const [i, step] of steps.entries()) {
    const why = await step.needed();
    if (why === undefined) {
      cached.push(step.name);
      continue;
    }
    const label = `[${i + 1}/${steps.length}] ${step.name}`;
    const since = now();
    const line = progressLine(out, label, now);
    out.write(`${label}: ${why} …\n`);
    let did = '';
    try {
      did = await step.work(line.says);
    } finally {
      line.clear();
    }
    out.write(`${label}: ${did} (${seconds(now() - since)})\n`);
    worked.push(step.name);
  }
  const ms = now() - startedAt;
  if (worked.length === 0) out.write(`Set-up: everything is in place (${seconds(ms)}).\n`);
  else out.write(`Set-up: done in ${seconds(ms)}${cached.length > 0 ? `; already there: ${cached.join(', ')}` : ''}.\n`);
  return { worked, cached, ms };
}

/**
 * On a terminal one line that changes; elsewhere (CI logs) a line now and then. Both show the time that has passed.
 * @param {Output} out @param {string} label @param {() => number} now
 */
function progressLine(out, label, now) {
  const since = now();
  let text = '';
  let dirty = false;
  const show = () => {
    dirty = out.isTTY === true;
    const line = [label, seconds(now() - since), text].filter(Boolean).join(': ');
    out.write(out.isTTY ? `\r\x1b[K${line.slice(0, 120)}` : `${line}\n`);
  };
  const timer = setInterval(show, out.isTTY ? 500 : 15_000);
  return {
    /** @param {string} news */
    says(news) {
      text = news.trim() || text;
    },
    clear() {
      clearInterval(timer);
      if (dirty) out.write('\r\x1b[K');
    },
  };
}

/** @param {number} ms */
export function seconds(ms) {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
