/** Which input devices there are, as they come and go. */
import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Timer } from '../../clock.ts';

export interface DeviceFolder {
  close(): void;
}

/** Paths of the event devices in `dir`; none where there is no such folder. */
export function listDevices(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => /^event\d+$/.test(name))
      .map((name) => join(dir, name));
  } catch {
    return [];
  }
}

/**
 * Calls `onDevices` with the present paths: at once, whenever the folder changes, and every `rescanMs` in case nobody says so (a folder
 * that was not there yet, a file system without notices).
 */
export function watchDevices(deps: { dir: string; rescanMs: number; clock: Clock; onDevices(paths: string[]): void }): DeviceFolder {
  const { dir, clock } = deps;
  let watcher: FSWatcher | undefined;
  let timer: Timer | undefined;

  function observe(): void {
    try {
      const mine = watch(dir, { persistent: false }, () => {
        if (watcher === mine) deps.onDevices(listDevices(dir));
      });
      watcher = mine;
      mine.on('error', () => mine.close());
    } catch {
      // No folder yet: the next rescan tries again.
    }
  }

  function unobserve(): void {
    watcher?.close();
    watcher = undefined;
  }

  function scan(): void {
    // Anew each time: the folder may be another one under the same name. The notice first, so that nothing is missed while listing.
    unobserve();
    observe();
    deps.onDevices(listDevices(dir));
    timer = clock.after(deps.rescanMs, scan);
  }

  scan();
  return {
    close() {
      timer?.cancel();
      unobserve();
    },
  };
}
