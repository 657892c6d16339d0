/** Who speaks for this box: the bridge that served this page, or, on a page that the centre served, the page itself. */
import { realClock } from './clock.ts';
import { askCentre } from './in-page/centre-channel.ts';
import { InPageLink } from './in-page/in-page-link.ts';
import { openKept } from './in-page/kept.ts';
import { newId } from './in-page/new-id.ts';
import { TABLES } from './keys/key-tables.ts';
import type { Remote } from './keys/listen.ts';
import { middlewareTables } from './keys/middleware-keys.ts';
import { detect } from './platform/detect.ts';
import type { Globals } from './platform/middleware.ts';
import { BridgeLink } from './services/bridge-link.ts';
import { fetchToken, openSocket } from './services/bridge-socket.ts';
import type { CentreMemory, KnownCentre } from './services/centre-memory.ts';
import type { TvLink } from './services/tv-link.ts';

export interface Voice {
  link: TvLink;
  remote: Remote;
}

/** What the centre wrote into the page that it served; undefined on a bridge's page. */
export function servedByCentre(page: Document): { centre: KnownCentre } | undefined {
  const meta = page.querySelector('meta[name="shouwang-served-by"]');
  if (meta?.getAttribute('content') !== 'centre') return undefined;
  return { centre: { name: meta.getAttribute('data-name') ?? '', phone: meta.getAttribute('data-phone') ?? '' } };
}

export function bridged(random: () => number): Voice {
  return {
    link: new BridgeLink({ fetchToken, openSocket, clock: realClock, random }),
    remote: { tables: TABLES, keyUps: true, now: realClock.now },
  };
}

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
