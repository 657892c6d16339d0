/** Reads addresses from what a service said when it was ready, with what its configuration asked for as the second source. */
import type { Ready } from './supervised.ts';

/** The first of `names` that holds a URL. */
export function urlIn(ready: Ready, names: string[], otherwise: string): string {
  for (const name of names) {
    const value = ready[name];
    if (typeof value === 'string' && URL.canParse(value)) return value;
  }
  return otherwise;
}

/** The port of a URL, also where the scheme implies none. */
export function portOf(url: string): number | undefined {
  const port = Number(new URL(url).port);
  return port > 0 ? port : undefined;
}
