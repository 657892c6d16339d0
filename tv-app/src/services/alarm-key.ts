/**
 * Passes the keys of gestures on to the bridge, which times them. Down once and up once for each press, whatever the
 * key repeats; a key that is down when the page loses the keyboard counts as let go: no alarm by a lost key-up.
 */
import type { AlarmKey as AlarmKeyName } from '@shouwang/protocol';
import type { TvLink } from './tv-link.ts';

export class AlarmKey {
  private readonly link: TvLink;
  private readonly held: Partial<Record<AlarmKeyName, boolean>> = {};

  constructor(link: TvLink) {
    this.link = link;
  }

  /** Returns false when the press could not be passed on. */
  down(key: AlarmKeyName): boolean {
    if (this.held[key]) return true;
    if (this.link.status !== 'up') return false;
    // Where the device itself sees the key, the page must not press it a second time.
    if (this.link.state?.keysFrom === 'device') return true;
    this.held[key] = true;
    this.link.call('key', { key, action: 'down' }).catch(() => {});
    return true;
  }

  up(key: AlarmKeyName): void {
    if (!this.held[key]) return;
    this.held[key] = false;
    this.link.call('key', { key, action: 'up' }).catch(() => {});
  }
}
