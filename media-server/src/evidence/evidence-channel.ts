/** What this node and the centre say to each other about clips and faults: whole states, told until acknowledged. */
import { type MediaFaultsTold, makeEvent, topics } from '@shouwang/protocol';
import { parseAs } from '@shouwang/protocol/validators';
import type { CentreChannel, Publish } from '../centre-link/centre-link.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { uuid7 } from '../lib/uuid7.ts';
import type { Clips } from './clips.ts';
import type { EvidenceKey } from './key.ts';

export interface EvidenceChannelOptions {
  node: string;
  key: EvidenceKey;
  clips: Pick<Clips, 'hear' | 'unreported' | 'acknowledged'>;
  faults: () => MediaFaultsTold['data'];
  clock: Clock;
  log: Log;
}

export class EvidenceChannel implements CentreChannel {
  readonly #o: EvidenceChannelOptions;
  #publish: Publish | undefined;
  #sending = false;
  #toldFaults = '';

  constructor(options: EvidenceChannelOptions) {
    this.#o = options;
  }

  connected(publish: Publish): void {
    this.#publish = publish;
    this.#toldFaults = '';
    void this.#greet(publish);
  }

  hear(topic: string, text: string): void {
    const { node, clips, log } = this.#o;
    if (topic !== topics.mediaDown(node, 'clip')) return;
    try {
      const { data, time } = parseAs('ClipWanted', text);
      clips.hear(data, Date.parse(time));
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'centre: a wish for a clip that cannot be read');
    }
  }

  /** Something changed: a clip, or a fault. */
  changed(): void {
    void this.#send();
  }

  async #greet(publish: Publish): Promise<void> {
    const { kid, publicKey } = this.#o.key;
    try {
      await publish('key', this.#event('cn.shouwang.media.key.v1', { kid, alg: 'Ed25519' as const, publicKey }));
    } catch {
      return;
    }
    await this.#send();
  }

  /** One after the other; what changes meanwhile is sent in its turn. */
  async #send(): Promise<void> {
    const publish = this.#publish;
    if (this.#sending || !publish) return;
    this.#sending = true;
    try {
      for (;;) {
        const faults = this.#o.faults();
        const text = JSON.stringify(faults);
        const [clip] = this.#o.clips.unreported;
        if (text !== this.#toldFaults) {
          await publish('faults', this.#event('cn.shouwang.media.faults.v1', faults));
          this.#toldFaults = text;
        } else if (clip) {
          await publish('clip', this.#event('cn.shouwang.media.clip.v1', clip));
          await this.#o.clips.acknowledged(clip.clipId, clip.revision);
        } else return;
      }
    } catch (error) {
      // The next connection begins anew.
      this.#publish = undefined;
      this.#o.log.debug({ reason: (error as Error).message }, 'centre: clips wait for the next connection');
    } finally {
      this.#sending = false;
    }
  }

  #event<T extends string, D>(type: T, data: D) {
    const now = this.#o.clock.now();
    return makeEvent(type, `media/${this.#o.node}`, uuid7(now), now, data);
  }
}
