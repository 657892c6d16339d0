/** A centre's signature on grants, for tests without a centre: JWS by EdDSA (RFC 8037). */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { v7 } from 'uuid';

const VALID_S = 60;

export class GrantSigner {
  readonly #key: KeyObject;
  /** What the centre shows at `jwks.json`. */
  readonly jwks: { keys: object[] };

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.#key = privateKey;
    this.jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'EdDSA', use: 'sig' }] };
  }

  grant(cameraId: string, viewer: string): string {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: 'shouwang-centre', aud: 'shouwang-media', sub: viewer, jti: v7(), iat, exp: iat + VALID_S };
    const signed = [
      { alg: 'EdDSA', kid: 'k1' },
      { ...claims, cam: cameraId, why: 'watch' },
    ]
      .map(base64url)
      .join('.');
    return `${signed}.${sign(null, Buffer.from(signed), this.#key).toString('base64url')}`;
  }
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
