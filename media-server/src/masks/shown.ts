/**
 * What a viewer is shown of a camera: the camera's own pictures, or, where it has masks and the viewer no right to see behind them, one
 * rendition with black boxes for all such viewers. Whatever leaves the node towards a viewer comes through here.
 */
import { CodedError } from '@shouwang/protocol';
import type { Camera } from '../config.ts';
import type { Hub, Quality } from '../hub/hub.ts';
import type { Hubs } from '../hub/hubs.ts';
import type { TranscodePool } from '../transcode/pool.ts';
import type { TranscodeProfile } from '../transcode/profiles.ts';
import { type Mask, maskFilters } from './mask.ts';

/** A viewer, as far as it matters here: `Session` is one. */
export interface Sees {
  /** Its grant says so. */
  unmasked: boolean;
}

export interface ShownOptions {
  hubs: Pick<Hubs, 'get'>;
  cameras: readonly Pick<Camera, 'id' | 'masks'>[];
  /** Absent: there is no ffmpeg, and a masked camera is shown to nobody. */
  transcodes: TranscodePool | undefined;
}

/** Behind 1080p of H.264; the smaller stream is coded as it is. */
const MAIN = { maxHeight: 720, kbit: 2000, level: '3.1', estimatedCorePercent: 30 };
const SUB = { maxHeight: 480, kbit: 600, level: '3.0', estimatedCorePercent: 12 };
const NONE: readonly Mask[] = [];

export class Shown {
  readonly #hubs: Pick<Hubs, 'get'>;
  readonly #masks: ReadonlyMap<string, readonly Mask[]>;
  readonly #transcodes: TranscodePool | undefined;

  constructor({ hubs, cameras, transcodes }: ShownOptions) {
    this.#hubs = hubs;
    this.#transcodes = transcodes;
    this.#masks = new Map(cameras.flatMap(({ id, masks = [] }) => (masks.length > 0 ? [[id, masks]] : [])));
  }

  /** The masks of a camera as it is configured; none for most. */
  masks(cameraId: string): readonly Mask[] {
    return this.#masks.get(cameraId) ?? NONE;
  }

  /** Whether this viewer gets the camera's masked rendition. */
  masksFor(cameraId: string, { unmasked }: Sees): boolean {
    return !unmasked && this.#masks.has(cameraId);
  }

  /** Subscribe at once: a masked rendition that nobody watches is let go. Throws CAMERA_UNKNOWN, TRANSCODE_BUDGET, INTERNAL (no ffmpeg). */
  hub(cameraId: string, quality: Quality, viewer: Sees): Hub {
    return this.masksFor(cameraId, viewer) ? this.masked(cameraId, quality) : this.#hubs.get(cameraId, quality);
  }

  /** The masked rendition, whoever asks. Throws as `hub`. */
  masked(cameraId: string, quality: Quality): Hub {
    const hub = this.#hubs.get(cameraId, quality);
    if (!this.#transcodes) throw new CodedError('INTERNAL', 'no ffmpeg on this node, and so no masks: apt-get install ffmpeg');
    return this.#transcodes.hub(hub, this.#profile(cameraId, hub.quality));
  }

  #profile(cameraId: string, quality: Quality): TranscodeProfile {
    return { name: 'masked', ...(quality === 'sub' ? SUB : MAIN), filters: maskFilters(this.masks(cameraId)) };
  }
}
