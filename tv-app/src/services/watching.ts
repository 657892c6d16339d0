/** Keeps the bridge told what is on the screen, so that an alarm pressed now carries this camera and this picture's time. */
import type { OnScreen } from '@shouwang/protocol';
import type { Cancel, Clock } from '../clock.ts';
import type { TvLink } from './tv-link.ts';

const UPDATE_MS = 2_000;

export class WatchReporter {
  private readonly link: TvLink;
  /** What is on the screen now, asked at each update; null when no camera's picture is. */
  private readonly look: () => OnScreen | null;
  private readonly cancels: Cancel[];
  /** What the bridge was told on this connection; undefined after a reconnect: its state starts empty. */
  private told: string | undefined = 'null';

  constructor(deps: { link: TvLink; clock: Clock; look: () => OnScreen | null }) {
    this.link = deps.link;
    this.look = deps.look;
    this.cancels = [
      deps.clock.every(UPDATE_MS, () => this.update()),
      deps.link.onChange(() => {
        if (this.link.status !== 'up') this.told = 'null';
        else if (this.told === 'null') this.update();
      }),
    ];
  }

  /** Tells the bridge now if something changed: call when a camera comes on or leaves the screen. */
  update(): void {
    if (this.link.status !== 'up') return;
    const onScreen = this.look();
    const text = JSON.stringify(onScreen);
    if (text === this.told) return;
    this.told = text;
    this.link.call('watching', { onScreen }).catch(() => {
      this.told = undefined;
    });
  }

  close(): void {
    for (const cancel of this.cancels) cancel();
  }
}
