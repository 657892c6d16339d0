/** The one table that `npm start` ends with. */
import type { Demo } from './demo.ts';
import { BOX_ID, INTEGRATOR } from './demo.ts';
import type { Addresses } from './plan.ts';

export interface TableFacts {
  at: Addresses;
  demo: Demo;
  /** Whether the sample cameras run. */
  samples: boolean;
  logs: string;
  /** Seconds from the end of set-up. */
  seconds: number;
}

/** Rows of name, address, and what to know about it. `TV` and `Console` hold one URL each. */
export function addressTable({ at, demo, samples, logs, seconds }: TableFacts): string {
  const rows: [string, string, string][] = [
    ['TV', at.tv, `box ${BOX_ID}; the keyboard is the remote: arrows, Enter, Backspace; hold R for the alarm`],
    ['Console', new URL('/console', at.brokerHttp).href, `user ${demo.user}  password ${demo.password}`],
    ...demo.others.map(({ user, role, password }): [string, string, string] => ['', '', `${role} ${user}  password ${password}`]),
    ['MQTT', at.mqtt, `user integrator:${INTEGRATOR}  password in ${demo.integratorSecretFile}`],
    ['Media', at.media, samples ? `six sample cameras at ${at.rtsp}` : 'the cameras of config/media-server.yaml'],
    ['Logs', logs, 'one file a process'],
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = `  ${'─'.repeat((widths[0] ?? 0) + (widths[1] ?? 0) + 4 + Math.max(...rows.map(([, , note]) => note.length)))}`;
  const body = rows.map(([name, address, note]) => `  ${name.padEnd(widths[0] ?? 0)}  ${address.padEnd(widths[1] ?? 0)}  ${note}`);
  return ['', `Shouwang 守望 runs (ready in ${seconds.toFixed(1)} s).`, line, ...body, line, '  Ctrl-C stops everything.', ''].join('\n');
}
