/** Signs grants and publishes the key with which media nodes check them. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { GrantClaims } from '@shouwang/protocol';
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose';

export class GrantSigner {
  readonly #key: KeyObject;
  readonly #kid: string;
  /** JSON Web Key Set (RFC 7517) with the public key only. */
  readonly jwks: { keys: JWK[] };

  private constructor(key: KeyObject, kid: string, jwk: JWK) {
    this.#key = key;
    this.#kid = kid;
    this.jwks = { keys: [{ ...jwk, kid, alg: 'EdDSA', use: 'sig' }] };
  }

  /** From an Ed25519 private key (PKCS#8 PEM). The key id is the thumbprint (RFC 7638). */
  static async fromPem(pem: string): Promise<GrantSigner> {
    const key = createPrivateKey(pem);
    const jwk = await exportJWK(createPublicKey(key));
    return new GrantSigner(key, await calculateJwkThumbprint(jwk), jwk);
  }

  /** A JWS in compact form (RFC 7515), algorithm EdDSA (RFC 8037). */
  sign(claims: GrantClaims): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: this.#kid }).sign(this.#key);
  }
}
