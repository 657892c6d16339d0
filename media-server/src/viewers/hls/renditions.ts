/** In which ways a camera can be watched by HLS: what it sends itself, and what the node would make of it. */
import { CodedError } from '@shouwang/protocol';
import type { Hub } from '../../hub/hub.ts';
import type { Hubs } from '../../hub/hubs.ts';
import type { Sees, Shown } from '../../masks/shown.ts';
import type { TranscodePool } from '../../transcode/pool.ts';
import { described, PROFILES, type ProfileName } from '../../transcode/profiles.ts';
import type { StreamDescription } from './description.ts';

export type RenditionName = 'main' | 'sub' | 'masked-main' | 'masked-sub' | `h264-${ProfileName}`;

/** What a viewer can decode; undefined: not said. */
export type Can = 'h264' | 'h265' | undefined;

export class Renditions {
  readonly #hubs: Hubs;
  readonly #transcodes: TranscodePool | undefined;
  readonly #shown: Shown;

  constructor(hubs: Hubs, transcodes: TranscodePool | undefined, shown: Shown) {
    this.#hubs = hubs;
    this.#transcodes = transcodes;
    this.#shown = shown;
  }

  /** Throws CAMERA_UNKNOWN; for a transcode TRANSCODE_BUDGET, or CODEC_UNSUPPORTED (INTERNAL, of a masked one) where there is no ffmpeg. */
  hub(cameraId: string, name: RenditionName): Hub {
    if (name === 'main' || name === 'sub') return this.#hubs.get(cameraId, name);
    if (name === 'masked-main' || name === 'masked-sub') return this.#shown.masked(cameraId, name === 'masked-sub' ? 'sub' : 'main');
    return this.#pool().hub(this.#hubs.get(cameraId), PROFILES[name.slice('h264-'.length) as ProfileName]);
  }

  /** The one that this viewer gets for a size. */
  named(cameraId: string, size: 'main' | 'sub', viewer: Sees): RenditionName {
    return this.#shown.masksFor(cameraId, viewer) ? `masked-${size}` : size;
  }

  /** Whether this viewer may have that one: nobody gets around the masks by its address. */
  maySee(cameraId: string, name: RenditionName, viewer: Sees): boolean {
    return isMasked(name) || !this.#shown.masksFor(cameraId, viewer);
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

export function isMasked(name: RenditionName): boolean {
  return name === 'masked-main' || name === 'masked-sub';
}
