/** What the bytes of parts and segments must be, as the playlist says: durations, key frames, one time line without holes. */
import type { ListedPart, ListedSegment } from './media-playlist.ts';
import { type Fragment, type InitTrack, readFragments } from './mp4.ts';

/** DURATION is written with five decimals. */
const ROUNDING_S = 0.0001;
/** Sound may lead or lag behind the pictures by so much, s: beyond it players wait. */
const SOUND_OFF_S = 1;

/** Follows the parts of one playlist in their order. */
export class MediaRules {
  readonly #ends = new Map<number, number>();
  #sequence = 0;
  readonly found: string[] = [];
  parts = 0;
  pictures = 0;
  soundFrames = 0;

  /** `begins`: the first part of a segment that follows a discontinuity, or of all. */
  part(segment: ListedSegment, part: ListedPart, bytes: Buffer, init: readonly InitTrack[], begins: boolean): void {
    const say = (what: string) => void this.found.push(`${part.uri}: ${what}`);
    let fragments: Fragment[];
    try {
      fragments = readFragments(bytes);
    } catch (error) {
      say((error as Error).message);
      return;
    }
    if (fragments.length === 0) say('no fragment');
    this.parts++;
    const video = init.find((t) => t.handler === 'vide');
    let seconds = 0;
    for (const [i, f] of fragments.entries()) {
      if (f.sequence <= this.#sequence) say(`mfhd ${f.sequence} after ${this.#sequence}`);
      this.#sequence = f.sequence;
      const used = f.tracks.reduce((sum, t) => sum + t.bytes, 0);
      if (used !== f.mdatBytes) say(`samples of ${used} bytes in an mdat of ${f.mdatBytes}`);
      for (const t of f.tracks) {
        const of = init.find((track) => track.id === t.id);
        if (!of) say(`track ${t.id} is not in the init section`);
        const end = this.#ends.get(t.id);
        if (end !== undefined && end !== t.begins && !(begins && i === 0)) say(`track ${t.id} begins at ${t.begins}, not at ${end}`);
        this.#ends.set(t.id, t.begins + t.duration);
        if (of?.handler === 'soun') this.soundFrames += t.samples;
        if (t.id !== video?.id) continue;
        this.pictures += t.samples;
        seconds += t.duration / video.timescale;
        const where = `of segment ${segment.sequence}`;
        if (i === 0 && part.independent && !t.firstIsSync) say(`INDEPENDENT, and ${where} does not begin with a key frame`);
        // One in the middle may go unsaid: the attribute is for clients that want to begin there.
        if (i === 0 && !part.independent && t.firstIsSync && segment.sequence > 0) say(`a key frame ${where} first, and not INDEPENDENT`);
      }
    }
    if (Math.abs(seconds - part.durationS) > ROUNDING_S) say(`lasts ${seconds.toFixed(5)} s, DURATION ${part.durationS}`);
    this.#sound(init, say);
  }

  segment(segment: ListedSegment, bytes: Buffer, parts: readonly Buffer[]): void {
    if (!bytes.equals(Buffer.concat(parts))) this.found.push(`${segment.uri}: its bytes are not those of its parts`);
  }

  #sound(init: readonly InitTrack[], say: (what: string) => void): void {
    const end = (handler: string) => {
      const track = init.find((t) => t.handler === handler);
      const at = track && this.#ends.get(track.id);
      return track && at !== undefined ? at / track.timescale : undefined;
    };
    const [pictures, sound] = [end('vide'), end('soun')];
    if (pictures === undefined || sound === undefined) return;
    if (Math.abs(pictures - sound) > SOUND_OFF_S) say(`sound ends ${(sound - pictures).toFixed(3)} s after the pictures`);
  }
}
