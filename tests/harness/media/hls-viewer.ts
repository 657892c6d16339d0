/** A viewer by low-latency HLS (RFC 8216bis) on the wire: reloads that wait, and every part once. What it gets is counted, not shown. */
import { HttpLine } from './http-line.ts';

export interface HlsViewerOptions {
  /** Scheme, host and port. */
  base: string;
  /** Path of the playlist to begin with. */
  path: string;
  headers?: Record<string, string>;
  /** Waits until there is something new; else the server is asked to hold its answer (`_HLS_msn`, `_HLS_part`). */
  waits?: () => Promise<void>;
  /** Gets every file that is fetched, by its path. */
  onFile?: (path: string, body: Buffer) => void;
}

interface Playlist {
  init: string | undefined;
  /** Parts in order, with the segment that each is of and where it stands in it. */
  parts: { sequence: number; index: number; uri: string }[];
  partS: number;
  /** Of the segment that is being made, and how many of its parts are there: what comes next. */
  next: { sequence: number; part: number };
}

export class HlsViewer {
  readonly #o: HlsViewerOptions;
  readonly #line: HttpLine;
  #path: string;
  #last = { sequence: -1, index: -1 };
  #init: string | undefined;
  #closed = false;
  #lastPartAt: number | undefined;
  parts = 0;
  /** Times that the next part came more than a second later than a part lasts: a player at the live edge would have stood still. */
  stalls = 0;

  constructor(options: HlsViewerOptions) {
    this.#o = options;
    this.#path = options.path;
    this.#line = new HttpLine(options.base, options.headers);
  }

  get bytes(): number {
    return this.#line.bytes;
  }

  /** Watches until it leaves. Rejects with what went wrong on the way. */
  async watches(): Promise<void> {
    try {
      let playlist = await this.#opens();
      while (!this.#closed) {
        await this.#takesParts(playlist);
        await this.#o.waits?.();
        const query = this.#o.waits ? '' : `?_HLS_msn=${playlist.next.sequence}&_HLS_part=${playlist.next.part}`;
        playlist = readPlaylist(String(await this.#gets(this.#path + query)));
      }
    } catch (error) {
      if (!this.#closed) throw error;
    } finally {
      this.#line.close();
    }
  }

  leaves(): void {
    this.#closed = true;
    this.#line.close();
  }

  /** Follows to the running stream, and from a multivariant playlist (4.4.6) to its first variant. */
  async #opens(): Promise<Playlist> {
    for (let hops = 0; hops < 4; hops++) {
      const text = String(await this.#gets(this.#path));
      const variant = firstVariant(text);
      if (!variant) return readPlaylist(text);
      this.#path = this.#resolves(variant);
    }
    throw new Error('playlists that lead nowhere');
  }

  async #takesParts({ init, parts, partS }: Playlist): Promise<void> {
    if (init && init !== this.#init) {
      this.#init = init;
      await this.#gets(this.#resolves(init));
    }
    const { sequence, index } = this.#last;
    // At the beginning only the newest: the live edge.
    const news =
      this.#last.sequence < 0
        ? parts.slice(-1)
        : parts.filter((p) => p.sequence > sequence || (p.sequence === sequence && p.index > index));
    for (const part of news) {
      await this.#gets(this.#resolves(part.uri), this.#o.onFile !== undefined);
      this.#last = part;
      this.parts++;
      const now = performance.now();
      if (this.#lastPartAt !== undefined && now - this.#lastPartAt > 1000 * (1 + partS)) this.stalls++;
      this.#lastPartAt = now;
    }
  }

  #resolves(uri: string): string {
    const { pathname, search } = new URL(uri, this.#o.base + this.#path);
    return pathname + search;
  }

  async #gets(path: string, keep = true): Promise<Buffer> {
    const { status, location, body } = await this.#line.get(path, keep);
    if (status === 302 && location) {
      this.#path = this.#resolves(location);
      return this.#gets(this.#path, keep);
    }
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${String(body).slice(0, 200)}`);
    this.#o.onFile?.(path, body);
    return body;
  }
}

/** The first variant's address in a multivariant playlist; undefined in a media playlist. */
export function firstVariant(playlist: string): string | undefined {
  return /#EXT-X-STREAM-INF:.*\r?\n([^#\s]\S*)/.exec(playlist)?.[1];
}

/** What a low-latency player needs of a media playlist (RFC 8216bis, 4.4). */
function readPlaylist(text: string): Playlist {
  const playlist: Playlist = { init: undefined, parts: [], partS: 0, next: { sequence: 0, part: 0 } };
  let sequence = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1] ?? 0);
  let index = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXT-X-PART:')) playlist.parts.push({ sequence, index: index++, uri: attribute(line, 'URI') });
    else if (line.startsWith('#EXT-X-MAP:')) playlist.init = attribute(line, 'URI');
    else if (line.startsWith('#EXT-X-PART-INF:')) playlist.partS = Number(/PART-TARGET=([\d.]+)/.exec(line)?.[1]);
    else if (line !== '' && !line.startsWith('#')) {
      sequence++;
      index = 0;
    }
  }
  playlist.next = { sequence, part: index };
  return playlist;
}

function attribute(line: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(line)?.[1] ?? '';
}
