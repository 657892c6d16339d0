/** The page as the box's own voice. Loaded by pages that a centre served only: a box with a bridge has no use for it. */
import { realClock } from '../clock.ts';
import { TABLES } from '../keys/key-tables.ts';
import { middlewareTables } from '../keys/middleware-keys.ts';
import { detect } from '../platform/detect.ts';
import type { Globals } from '../platform/middleware.ts';
import type { CentreMemory } from '../services/centre-memory.ts';
import type { Voice } from '../voice.ts';
import { askCentre } from './centre-channel.ts';
import { InPageLink } from './in-page-link.ts';
import { openKept } from './kept.ts';
import { newId } from './new-id.ts';

export function inPage(memory: CentreMemory, storage: Storage | undefined, random: () => number): Voice {
  const globals = window as unknown as Globals;
  const { name, label, keys, keyUps, identity } = detect(globals);
  return {
    link: new InPageLink({
      clock: realClock,
      random,
      ask: askCentre,
      kept: openKept(storage),
      newId,
      reported: { middleware: name, ...identity(globals) },
      label,
      keyUps,
      centre: memory.get(),
    }),
    remote: { tables: [...middlewareTables(keys, globals.KeyEvent), ...TABLES], keyUps, now: realClock.now },
  };
}
