/** The centre's public keys (JWKS, RFC 7517): cached, and fetched again for a key id that is not known. */
import { CodedError } from '@shouwang/protocol';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { Clock } from '../lib/clock.ts';

export interface CentreKeysOptions {
  jwksUrl: string;
  clock: Clock;
  /** Tests and other transports. */
  fetchJson?: (url: string) => Promise<unknown>;
}

/** However many grants with made-up key ids come: the centre is asked no more often. */
const REFETCH_MS = 5000;
const FETCH_MS = 3000;

export class CentreKeys {
  readonly #o: CentreKeysOptions;
  #keys = new Map<string, CryptoKey>();
  #fetchedAt: number | undefined;
  #fetching: Promise<void> | undefined;

  constructor(options: CentreKeysOptions) {
    this.#o = options;
  }

  /** Throws GRANT_INVALID where the centre has no such key, OFFLINE where it cannot be asked. */
  async find(kid: string): Promise<CryptoKey> {
    const known = this.#keys.get(kid);
    if (known) return known;
    if (this.#fetchedAt === undefined || this.#o.clock.now() - this.#fetchedAt >= REFETCH_MS) {
      this.#fetching ??= this.#fetch().finally(() => {
        this.#fetching = undefined;
      });
      await this.#fetching;
    }
    const key = this.#keys.get(kid);
    if (!key) throw new CodedError('GRANT_INVALID', 'signed with an unknown key');
    return key;
  }

  async #fetch(): Promise<void> {
    const { jwksUrl, fetchJson = getJson, clock } = this.#o;
    let body: unknown;
    try {
      body = await fetchJson(jwksUrl);
    } catch (cause) {
      throw new CodedError('OFFLINE', 'the centre’s keys cannot be fetched', { cause });
    }
    const list = (body as { keys?: unknown })?.keys;
    if (!Array.isArray(list)) throw new CodedError('OFFLINE', 'the centre’s keys cannot be read');
    const keys = new Map<string, CryptoKey>();
    for (const jwk of list.slice(0, 50) as JWK[]) {
      if (jwk?.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.kid !== 'string') continue;
      keys.set(jwk.kid, (await importJWK(jwk, 'EdDSA')) as CryptoKey);
    }
    // Replaced as a whole: a key that the centre no longer lists is no longer good.
    this.#keys = keys;
    this.#fetchedAt = clock.now();
  }
}

async function getJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`the centre answers ${answer.status}`);
  return answer.json();
}
