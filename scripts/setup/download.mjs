/**
 * Runs a package's own install script that downloads a file, and gives up soon where there is no way out: when the file has
 * not begun to arrive, or has stopped growing. (Such scripts wait for minutes, or turn to building something else.)
 */
import { statSync } from 'node:fs';
import { runCommand } from './command.mjs';

const BEGIN_LIMIT_MS = 8_000;
const STALL_LIMIT_MS = 15_000;
const LIMIT_MS = 5 * 60_000;

/**
 * @param {string} command @param {string[]} args
 * @param {{ name: string, cwd: string, env: NodeJS.ProcessEnv, file: string, giveUpOn?: RegExp, progress: (text: string) => void }} options
 *   `file`: where the download arrives; `giveUpOn`: a line of output that says it has failed
 */
export function runDownload(command, args, options) {
  const size = () => {
    try {
      return statSync(options.file).size;
    } catch {
      return 0;
    }
  };
  return runCommand(command, args, {
    name: options.name,
    cwd: options.cwd,
    env: options.env,
    limitMs: LIMIT_MS,
    watch(end) {
      let last = size();
      let since = performance.now();
      const timer = setInterval(() => {
        const bytes = size();
        const quiet = performance.now() - since;
        if (bytes !== last) {
          last = bytes;
          since = performance.now();
          options.progress(`${(bytes / 1e6).toFixed(1)} MB`);
        } else if (quiet > (bytes === 0 ? BEGIN_LIMIT_MS : STALL_LIMIT_MS)) {
          end(bytes === 0 ? `nothing came in ${BEGIN_LIMIT_MS / 1000} s` : 'the download stopped');
        }
      }, 250);
      return () => clearInterval(timer);
    },
    onLine(line, end) {
      if (options.giveUpOn?.test(line)) end(line.trim());
    },
  });
}
