/** In which ways a camera can be watched by HLS: what it sends itself, and what the node would make of it. */
import { CodedError } from '@shouwang/protocol';
import type { Hub } from '../../hub/hub.ts';
import type { Hubs } from '../../hub/hubs.ts';
import type { TranscodePool } from '../../transcode/pool.ts';
import { described, PROFILES, type ProfileName } from '../../transcode/profiles.ts';
import type { StreamDescription } from './description.ts';

export type RenditionName = 'main' | 'sub' | `h264-${ProfileName}`;

/** What a viewer can decode; undefined: not said. */
export type Can = 'h264' | 'h265' | undefined;

export class Renditions {
  readonly #hubs: Hubs;
  readonly #transcodes: TranscodePool | undefined;

  constructor(hubs: Hubs, transcodes: TranscodePool | undefined) {
    this.#hubs = hubs;
    this.#transcodes = transcodes;
  }

  /** Throws CAMERA_UNKNOWN; for a transcode TRANSCODE_BUDGET, or CODEC_UNSUPPORTED where there is no ffmpeg. */
  hub(cameraId: string, name: RenditionName): Hub {
    if (name === 'main' || name === 'sub') return this.#hubs.get(cameraId, name);
    return this.#pool().hub(this.#hubs.get(cameraId), PROFILES[name.slice('h264-'.length) as ProfileName]);
  }

  hasSub(cameraId: string): boolean {
    return this.#hubs.get(cameraId, 'sub') !== this.#hubs.get(cameraId);
  }

  /** What a transcode of a picture like `of` will be like; none where there is no ffmpeg. */
  transcodes(of: StreamDescription): { name: RenditionName; description: StreamDescription }[] {
    if (!this.#transcodes) return [];
    return (Object.keys(PROFILES) as ProfileName[]).map((profile) => ({
      name: `h264-${profile}`,
      description: described(PROFILES[profile], of),
    }));
  }

  #pool(): TranscodePool {
    if (!this.#transcodes) throw new CodedError('CODEC_UNSUPPORTED', 'no ffmpeg on this node: apt-get install ffmpeg');
    return this.#transcodes;
  }
}
