/** HTTP authentication as RTSP uses it (RFC 2326, 14): Digest (RFC 7616: SHA-256 and MD5; RFC 2069 without qop) and Basic (RFC 7617). */
import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  user: string;
  password: string;
}

export interface Challenge {
  scheme: 'digest' | 'basic';
  realm: string;
  nonce?: string;
  opaque?: string;
  /** As the server spelled it. */
  algorithm?: string;
  hash: 'sha256' | 'md5';
  qop: boolean;
}

/** Reads `WWW-Authenticate` fields; the strongest challenge we can answer first. */
export function readChallenges(fields: readonly string[]): Challenge[] {
  const found: Challenge[] = [];
  for (const field of fields) {
    // One field may hold several challenges (RFC 9110, 11.6.1).
    for (const part of field.split(/,\s*(?=(?:Digest|Basic)\s)/i)) {
      const challenge = readOne(part.trim());
      if (challenge) found.push(challenge);
    }
  }
  const rank = (c: Challenge) => (c.scheme === 'basic' ? 2 : c.hash === 'md5' ? 1 : 0);
  return found.sort((a, b) => rank(a) - rank(b));
}

function readOne(text: string): Challenge | undefined {
  const scheme = /^(digest|basic)\s+/i.exec(text);
  if (!scheme) return undefined;
  const params = new Map<string, string>();
  for (const m of text.slice(scheme[0].length).matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g))
    params.set(m[1]!.toLowerCase(), (m[2] ?? m[3] ?? '').replace(/\\(.)/g, '$1'));
  const realm = params.get('realm') ?? '';
  if (scheme[1]!.toLowerCase() === 'basic') return { scheme: 'basic', realm, hash: 'md5', qop: false };
  const nonce = params.get('nonce');
  const algorithm = params.get('algorithm');
  const hash = !algorithm || algorithm.toUpperCase() === 'MD5' ? 'md5' : algorithm.toUpperCase() === 'SHA-256' ? 'sha256' : undefined;
  if (nonce === undefined || !hash) return undefined;
  const qops = params
    .get('qop')
    ?.split(',')
    .map((q) => q.trim().toLowerCase());
  if (qops && !qops.includes('auth')) return undefined;
  const opaque = params.get('opaque');
  return {
    scheme: 'digest',
    realm,
    nonce,
    hash,
    qop: qops !== undefined,
    ...(algorithm ? { algorithm } : {}),
    ...(opaque !== undefined ? { opaque } : {}),
  };
}

/** Answers one challenge, request after request (`nc` counts them). */
export class Authoriser {
  readonly challenge: Challenge;
  readonly #credentials: Credentials;
  readonly #cnonce: string;
  #count = 0;

  constructor(challenge: Challenge, credentials: Credentials, cnonce = randomBytes(12).toString('hex')) {
    this.challenge = challenge;
    this.#credentials = credentials;
    this.#cnonce = cnonce;
  }

  /** The value of `Authorization` for one request. */
  header(method: string, uri: string): string {
    const { challenge: c } = this;
    const { user, password } = this.#credentials;
    if (c.scheme === 'basic') return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
    const h = (text: string) => createHash(c.hash).update(text, 'utf8').digest('hex');
    const ha1 = h(`${user}:${c.realm}:${password}`);
    const ha2 = h(`${method}:${uri}`);
    const nc = (++this.#count).toString(16).padStart(8, '0');
    const response = c.qop ? h(`${ha1}:${c.nonce}:${nc}:${this.#cnonce}:auth:${ha2}`) : h(`${ha1}:${c.nonce}:${ha2}`);
    const fields = [
      `username="${quoted(user)}"`,
      `realm="${quoted(c.realm)}"`,
      `nonce="${quoted(c.nonce ?? '')}"`,
      `uri="${uri}"`,
      `response="${response}"`,
    ];
    if (c.algorithm) fields.push(`algorithm=${c.algorithm}`);
    if (c.opaque !== undefined) fields.push(`opaque="${quoted(c.opaque)}"`);
    if (c.qop) fields.push('qop=auth', `nc=${nc}`, `cnonce="${this.#cnonce}"`);
    return `Digest ${fields.join(', ')}`;
  }
}

function quoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}
