/** The connection to Thunder, kept for ever: lost and tried again with back-off, its subscriptions renewed. */
import type { Logger } from 'pino';
import type { Clock, Timer } from '../../clock.ts';
import { backoff } from '../../uplink/backoff.ts';
import { type BoxEvents, createThunderBox, type ThunderBox } from './box.ts';
import { connectThunder, type ThunderConnection } from './connection.ts';

const RECONNECT = { minMs: 500, maxMs: 30_000 };
/** A plugin that was restarted, or came late, is found within this. */
const RENEW_MS = 60_000;

export interface ThunderLink {
  /** The box, while Thunder answers. */
  readonly box: ThunderBox | undefined;
  /** The box once Thunder answers; undefined when it does not within `ms`, or the link is closed. */
  ready(ms: number): Promise<ThunderBox | undefined>;
  close(): void;
}

export interface LinkDeps {
  settings: { url: string; tokenFile: string };
  clock: Clock;
  random: () => number;
  log: Logger;
  events: BoxEvents;
  /** Connected anew and subscribed: what else is to be set up. */
  onReady(box: ThunderBox): void;
}

export function openThunderLink(deps: LinkDeps): ThunderLink {
  const { settings, clock, log } = deps;
  const waiting = new Set<() => void>();
  let connection: ThunderConnection | undefined;
  let box: ThunderBox | undefined;
  let timer: Timer | undefined;
  let attempt = 0;
  let closed = false;
  let complained = false;

  async function connect(): Promise<void> {
    let mine: ThunderConnection | undefined;
    let mineBox: ThunderBox | undefined;
    try {
      mine = await connectThunder({
        ...settings,
        clock,
        onEvent: (method, params) => mineBox?.onEvent(method, params),
        onClose: () => lost(mine),
      });
    } catch (error) {
      again((error as Error).message);
      return;
    }
    if (closed) return mine.close();
    connection = mine;
    box = mineBox = createThunderBox(mine, deps.events, log);
    for (const go of [...waiting]) go();
    if (!(await renew(mine, mineBox))) return;
    complained = false;
    log.info({ url: settings.url }, 'connected to Thunder');
  }

  /** Whether the connection is alive. */
  async function renew(mine: ThunderConnection, mineBox: ThunderBox): Promise<boolean> {
    const alive = await mineBox.subscribe();
    if (connection !== mine) return false;
    if (!alive) {
      // It hangs; its end comes back through `lost`.
      mine.close();
      return false;
    }
    deps.onReady(mineBox);
    timer = clock.after(RENEW_MS, () => {
      // Only what lasted was a success: a Thunder that drops each connection is not called twice a second for ever.
      attempt = 0;
      void renew(mine, mineBox);
    });
    return true;
  }

  function lost(which: ThunderConnection | undefined): void {
    if (connection !== which || closed) return;
    connection = undefined;
    box = undefined;
    again('the connection closed');
  }

  function again(why: string): void {
    if (closed) return;
    // A box may run for years without a Thunder that answers: one line.
    if (!complained) log.warn({ why, url: settings.url }, 'Thunder cannot be reached; trying again');
    complained = true;
    timer?.cancel();
    timer = clock.after(backoff(attempt++, RECONNECT, deps.random), () => void connect());
  }

  void connect();
  return {
    get box() {
      return box;
    },
    ready(ms) {
      if (box || closed) return Promise.resolve(box);
      return new Promise((resolve) => {
        const go = () => {
          waiting.delete(go);
          late.cancel();
          resolve(box);
        };
        const late = clock.after(ms, go);
        waiting.add(go);
      });
    },
    close() {
      closed = true;
      timer?.cancel();
      connection?.close();
      connection = undefined;
      box = undefined;
      for (const go of [...waiting]) go();
    },
  };
}
