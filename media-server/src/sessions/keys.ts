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
/** After a failure. */
const RETRY_MS = 1000;
/** A key that the centre no longer lists is good for about so long, unless the centre is away. */
const MAX_AGE_MS = 600_000;
const FETCH_MS = 3000;

export class CentreKeys {
  readonly #o: CentreKeysOptions;
  #keys = new Map<string, CryptoKey>();
  #fetchedAt: number | undefined;
  #failed: { at: number; error: CodedError } | undefined;
  #fetching: Promise<void> | undefined;

  constructor(options: CentreKeysOptions) {
    this.#o = options;
  }

  /** Throws GRANT_INVALID where the centre has no such key, OFFLINE where it cannot be asked. */
  async find(kid: string): Promise<CryptoKey> {
    const known = this.#keys.get(kid);
    if (known) {
      // Beside: nobody waits for a centre that is away.
      if (this.#passed(this.#fetchedAt, MAX_AGE_MS)) void this.#refresh().catch(() => {});
      return known;
    }
    if (this.#passed(this.#fetchedAt, REFETCH_MS)) await this.#refresh();
    const key = this.#keys.get(kid);
    if (!key) throw new CodedError('GRANT_INVALID', 'signed with an unknown key');
    return key;
  }

  /** A clock that was set back counts as passed. */
  #passed(at: number | undefined, ms: number): boolean {
    const since = at === undefined ? ms : this.#o.clock.now() - at;
    return since < 0 || since >= ms;
  }

  #refresh(): Promise<void> {
    if (this.#failed && !this.#passed(this.#failed.at, RETRY_MS)) return Promise.reject(this.#failed.error);
    this.#fetching ??= this.#fetch()
      .catch((error: CodedError) => {
        this.#failed = { at: this.#o.clock.now(), error };
        throw error;
      })
      .finally(() => {
        this.#fetching = undefined;
      });
    return this.#fetching;
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
      const key = await importJWK(jwk, 'EdDSA').catch(() => undefined);
      // One that cannot be read must not cost the others.
      if (key) keys.set(jwk.kid, key as CryptoKey);
    }
    // Replaced as a whole: a key that the centre no longer lists is no longer good.
    this.#keys = keys;
    this.#fetchedAt = clock.now();
    this.#failed = undefined;
  }
}

async function getJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`the centre answers ${answer.status}`);
  return answer.json();
}
