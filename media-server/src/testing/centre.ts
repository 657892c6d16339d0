/** A centre that signs grants. */
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { uuid7 } from '../lib/uuid7.ts';

export interface GrantWish {
  cam?: string;
  sub?: string;
  jti?: string;
  /** ms since 1970. */
  now?: number;
  validS?: number;
  kid?: string;
  aud?: string;
  extra?: Record<string, unknown>;
}

export class TestCentre {
  readonly kid: string;
  readonly #key: CryptoKey;
  readonly jwk: JWK;

  private constructor(kid: string, key: CryptoKey, jwk: JWK) {
    this.kid = kid;
    this.#key = key;
    this.jwk = jwk;
  }

  static async make(kid = 'k1'): Promise<TestCentre> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    return new TestCentre(kid, privateKey, { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' });
  }

  get jwks(): { keys: JWK[] } {
    return { keys: [this.jwk] };
  }

  grant({
    cam = 'gate',
    sub = 'box:b1',
    now = Date.now(),
    jti = uuid7(now),
    validS = 60,
    kid = this.kid,
    aud,
    extra,
  }: GrantWish = {}): Promise<string> {
    const iat = Math.floor(now / 1000);
    return new SignJWT({ cam, why: 'watch', ...extra })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer('shouwang-centre')
      .setAudience(aud ?? 'shouwang-media')
      .setSubject(sub)
      .setJti(jti)
      .setIssuedAt(iat)
      .setExpirationTime(iat + validS)
      .sign(this.#key);
  }
}
