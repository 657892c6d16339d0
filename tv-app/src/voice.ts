/** Who speaks for this box: the bridge that served this page, or, on a page that the centre served, the page itself. */
import { realClock } from './clock.ts';
import { TABLES } from './keys/key-tables.ts';
import type { Remote } from './keys/listen.ts';
import { BridgeLink } from './services/bridge-link.ts';
import { fetchToken, openSocket } from './services/bridge-socket.ts';
import type { KnownCentre } from './services/centre-memory.ts';
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
