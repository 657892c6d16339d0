/**
 * systemd's side, sd_notify(3): READY=1, WATCHDOG=1, STATUS. The protocol is a datagram to a Unix socket, which Node cannot send; `systemd-notify`
 * is on every system that has systemd, waits until the manager has read the message, and one child in 20 s costs less than
 * a native add-on for five processors would. The unit needs `NotifyAccess=all`: the sender is that child.
 */
import { execFile } from 'node:child_process';
import type { Logger } from 'pino';
import type { SignOfLife } from './watchdog.ts';

/** How often systemd wants to hear, ms; undefined where nobody listens. A third of the time it allows (sd_watchdog_enabled(3) says half or less). */
export function systemdPeriod(env: NodeJS.ProcessEnv): number | undefined {
  if (!env.NOTIFY_SOCKET) return undefined;
  const usec = Number(env.WATCHDOG_USEC);
  return usec > 0 ? Math.max(100, Math.floor(usec / 3000)) : undefined;
}

/** Undefined where the bridge was not started by systemd. */
export function createSystemdSign(env: NodeJS.ProcessEnv, log: Logger, program = 'systemd-notify'): SignOfLife | undefined {
  if (!env.NOTIFY_SOCKET) return undefined;
  let running = false;
  let complained = false;

  function tell(...lines: string[]): void {
    // One that hangs must not become many.
    if (running) return;
    running = true;
    execFile(program, lines, { env: { ...env }, timeout: 10_000 }, (error) => {
      running = false;
      if (error && !complained) log.error({ err: error }, 'systemd cannot be told that the bridge is well');
      complained = error !== null;
    });
  }

  return {
    ready: () => tell('READY=1', 'WATCHDOG=1', 'STATUS=well'),
    alive: (reasons) => tell('WATCHDOG=1', `STATUS=${reasons.length === 0 ? 'well' : `not well: ${reasons.join(', ')}`}`),
    stopping: () => tell('STOPPING=1'),
  };
}
