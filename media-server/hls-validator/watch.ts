/**
 * Watches a live stream as a low-latency player does, and checks everything that it gets: multivariant playlist, every media playlist by
 * blocking reload, every hinted part, every segment against its parts.
 */
import { type ListedSegment, type MediaPlaylist, readMediaPlaylist } from './media-playlist.ts';
import { MediaRules } from './media-rules.ts';
import { type InitTrack, readFragments, readInit } from './mp4.ts';
import { checkVariant, readMultivariant } from './multivariant-rules.ts';
import { checkPlaylist, checkSuccession } from './playlist-rules.ts';

export interface Fetched {
  status: number;
  headers: Headers;
  body: Buffer;
}

export type Get = (url: string) => Promise<Fetched>;

export interface Watched {
  /** What is against the RFC, in the order in which it was found. */
  problems: string[];
  playlists: number;
  parts: number;
  segments: number;
  pictures: number;
  soundFrames: number;
  discontinuities: number;
  variants: Record<string, string>[];
}

export interface WatchOptions {
  /** Of the multivariant playlist. */
  url: string;
  get: Get;
  /** How many parts to follow. */
  parts: number;
  /** Which variant; the first unless said. */
  variant?: number;
}

export async function watchHls({ url, get, parts, variant = 0 }: WatchOptions): Promise<Watched> {
  const problems: string[] = [];
  const fetchText = async (address: string) => {
    const answer = await get(address);
    if (answer.status !== 200) throw new Error(`${answer.status} for a playlist: ${answer.body.toString().slice(0, 200)}`);
    const type = answer.headers.get('content-type') ?? '';
    if (!/^(application\/vnd\.apple\.mpegurl|audio\/mpegurl)/i.test(type)) problems.push(`4: a playlist of type ${type}`);
    return answer.body.toString('utf8');
  };
  const master = readMultivariant(await fetchText(url));
  problems.push(...master.problems);
  const chosen = master.variants[variant];
  if (!chosen) throw new Error(`no variant ${variant}`);
  const watcher = new Watcher(new URL(chosen.uri, url).href, get, problems);
  let playlist = await watcher.take(readMediaPlaylist(await fetchText(watcher.url)));
  problems.push(...checkVariant(chosen, watcher.newestInit));
  while (watcher.rules.parts < parts) {
    const hinted = playlist.hint === undefined ? undefined : watcher.prefetch(playlist.hint);
    playlist = await watcher.take(readMediaPlaylist(await fetchText(nextUrl(watcher.url, playlist))));
    await hinted;
  }
  const { rules } = watcher;
  return {
    problems: [...problems, ...rules.found],
    playlists: watcher.playlists,
    parts: rules.parts,
    segments: watcher.segments,
    pictures: rules.pictures,
    soundFrames: rules.soundFrames,
    discontinuities: watcher.discontinuities,
    variants: master.variants.map((v) => v.attributes),
  };
}

/** The blocking reload for what comes next (6.2.5.2). */
function nextUrl(url: string, { segments }: MediaPlaylist): string {
  const last = segments.at(-1);
  const msn = last === undefined ? 0 : last.uri === undefined ? last.sequence : last.sequence + 1;
  const part = last?.uri === undefined ? (last?.parts.length ?? 0) : 0;
  return `${url}?_HLS_msn=${msn}&_HLS_part=${part}`;
}

class Watcher {
  readonly url: string;
  readonly rules = new MediaRules();
  playlists = 0;
  segments = 0;
  discontinuities = 0;
  newestInit: InitTrack[] = [];
  readonly #get: Get;
  readonly #problems: string[];
  readonly #inits = new Map<string, InitTrack[]>();
  readonly #parts = new Map<string, Promise<Fetched>>();
  readonly #startsWithKey = new Map<string, boolean>();
  readonly #done = new Set<string>();
  #before: MediaPlaylist | undefined;

  constructor(url: string, get: Get, problems: string[]) {
    this.url = url;
    this.#get = get;
    this.#problems = problems;
  }

  /** Asks for a hinted part while it is not there yet. */
  async prefetch(hint: string): Promise<void> {
    await this.#fetchPart(hint);
  }

  async take(playlist: MediaPlaylist): Promise<MediaPlaylist> {
    this.playlists++;
    if (this.#before) this.#problems.push(...checkSuccession(this.#before, playlist));
    // Parts that are there only as whole segments by now cannot be looked at one by one.
    for (const segment of playlist.segments) if (segment.parts.length > 0) await this.#segment(segment);
    this.#problems.push(...checkPlaylist(playlist, (uri) => this.#startsWithKey.get(uri)));
    this.#before = playlist;
    return playlist;
  }

  async #segment(segment: ListedSegment): Promise<void> {
    const init = await this.#init(segment.map);
    const bytes: Buffer[] = [];
    for (const [i, part] of segment.parts.entries()) {
      const { status, body } = await this.#fetchPart(part.uri);
      if (status !== 200) this.#problems.push(`${part.uri}: ${status}`);
      bytes.push(body);
      if (this.#once(part.uri)) {
        const begins = i === 0 && (segment.discontinuity || this.rules.parts === 0);
        if (begins && segment.discontinuity) this.discontinuities++;
        this.rules.part(segment, part, body, init, begins);
        this.#startsWithKey.set(part.uri, body.length > 0 && startsWithKey(body));
      }
    }
    if (segment.uri === undefined || !this.#once(segment.uri)) return;
    const { status, body } = await this.#get(new URL(segment.uri, this.url).href);
    if (status !== 200) this.#problems.push(`${segment.uri}: ${status}`);
    this.segments++;
    this.rules.segment(segment, body, bytes);
  }

  #once(uri: string): boolean {
    if (this.#done.has(uri)) return false;
    this.#done.add(uri);
    return true;
  }

  #fetchPart(uri: string): Promise<Fetched> {
    const running = this.#parts.get(uri) ?? this.#get(new URL(uri, this.url).href);
    this.#parts.set(uri, running);
    return running;
  }

  async #init(uri: string | undefined): Promise<InitTrack[]> {
    if (uri === undefined) return [];
    const known = this.#inits.get(uri);
    if (known) return known;
    const { status, body } = await this.#get(new URL(uri, this.url).href);
    if (status !== 200) this.#problems.push(`${uri}: ${status}`);
    this.newestInit = readInit(body);
    this.#inits.set(uri, this.newestInit);
    return this.newestInit;
  }
}

function startsWithKey(bytes: Buffer): boolean {
  try {
    return readFragments(bytes)[0]?.tracks[0]?.firstIsSync === true;
  } catch {
    // Said already.
    return false;
  }
}
