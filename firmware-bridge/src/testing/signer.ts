/** Whoever may sign remote configurations and updates, for tests. */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { RemoteConfig } from '@shouwang/protocol';
import type { Signature, TrustedKey } from '../signing/ed25519.ts';

export class Signer {
  readonly #keys = generateKeyPairSync('ed25519');
  readonly kid: string;

  constructor(kid = 'county-2026') {
    this.kid = kid;
  }

  /** As a box's configuration names this key. */
  get trusted(): TrustedKey {
    const { x = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    return { kid: this.kid, publicKey: Buffer.from(x, 'base64url').toString('base64') };
  }

  /** PKCS#8, PEM. */
  get privatePem(): string {
    return this.#keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  }

  sign(bytes: Uint8Array): Signature {
    return { alg: 'Ed25519', kid: this.kid, signature: sign(null, bytes, this.#keys.privateKey).toString('base64') };
  }

  /** The data of `down/config`. */
  config(version: number, settings: RemoteConfig['settings'] = {}, more: object = {}) {
    const bytes = Buffer.from(JSON.stringify({ version, settings, ...more }));
    return { payload: bytes.toString('base64'), ...this.sign(bytes) };
  }
}
