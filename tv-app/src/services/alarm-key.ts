/**
 * Passes the remote's alarm key on to the bridge, which times the hold. Down once and up once for each press, whatever the
 * key repeats; a key that is down when the page loses the keyboard counts as let go: no alarm by a lost key-up.
 */
import type { TvLink } from './tv-link.ts';

export type AlarmKeyName = 'alarm' | 'sos';

export class AlarmKey {
  private readonly link: TvLink;
  private held: AlarmKeyName | undefined;

  constructor(link: TvLink) {
    this.link = link;
  }

  /** Returns false when the press could not be passed on: the villager must be told. */
  down(key: AlarmKeyName): boolean {
    if (this.held !== undefined) return true;
    if (this.link.status !== 'up') return false;
    // Where the device itself sees the key, the page must not press it a second time.
    if (this.link.state?.keysFrom === 'device') return true;
    this.held = key;
    this.link.call('key', { key, action: 'down' }).catch(() => {});
    return true;
  }

  up(): void {
    const key = this.held;
    this.held = undefined;
    if (key !== undefined) this.link.call('key', { key, action: 'up' }).catch(() => {});
  }
}
