/** A playlist as it is sent: one text for every viewer who asks while it holds, compressed once. */
import { gzipSync } from 'node:zlib';

export class PlaylistText {
  readonly text: string;
  readonly plain: Buffer;
  #gzip: Buffer | undefined;

  constructor(text: string) {
    this.text = text;
    this.plain = Buffer.from(text);
  }

  /** RFC 1952. */
  get gzip(): Buffer {
    this.#gzip ??= gzipSync(this.plain, { level: 6 });
    return this.#gzip;
  }
}

/** Whether an Accept-Encoding (RFC 9110, 12.5.3) takes gzip. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  for (const item of (acceptEncoding ?? '').split(',')) {
    const [name = '', ...params] = item.split(';').map((p) => p.trim().toLowerCase());
    if (name !== 'gzip' && name !== 'x-gzip' && name !== '*') continue;
    return !params.some((p) => /^q=0(\.0{0,3})?$/.test(p));
  }
  return false;
}
