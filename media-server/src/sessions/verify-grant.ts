/** Is this grant the centre's, for us, and still good? (JWS, RFC 7515, EdDSA.) */
import { CodedError, type GrantClaims, MAX_GRANT_S } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import { errors, jwtVerify } from 'jose';
import type { CentreKeys } from './keys.ts';
import { RefusedError } from './refused.ts';

/** Between the centre's clock and ours. */
export const SKEW_S = 5;

/** `now` in ms since 1970. Throws GRANT_INVALID, GRANT_EXPIRED or OFFLINE. */
export async function verifyGrant(token: string, keys: CentreKeys, now: number): Promise<GrantClaims> {
  try {
    const { payload } = await jwtVerify(
      token,
      (header) => {
        if (typeof header.kid !== 'string') throw new CodedError('GRANT_INVALID');
        return keys.find(header.kid);
      },
      { algorithms: ['EdDSA'], currentDate: new Date(now), clockTolerance: SKEW_S },
    );
    if (!isValid('GrantClaims', payload)) throw new CodedError('GRANT_INVALID');
    if (payload.exp - payload.iat > MAX_GRANT_S) throw new CodedError('GRANT_INVALID');
    const earlyS = Math.ceil(payload.iat - now / 1000);
    if (earlyS > SKEW_S)
      throw new RefusedError(
        'GRANT_INVALID',
        { grantId: payload.jti, cameraId: payload.cam },
        `not valid yet: this node's clock is ${earlyS} s behind the centre's`,
      );
    // Whatever a centre may sign: no television sees behind a mask.
    if (payload.unmasked && !payload.sub.startsWith('operator:')) throw new CodedError('GRANT_INVALID');
    return payload;
  } catch (error) {
    if (error instanceof CodedError) throw error;
    // Its signature was good: whose it was may be put on record.
    if (error instanceof errors.JWTExpired)
      throw isValid('GrantClaims', error.payload)
        ? new RefusedError('GRANT_EXPIRED', { grantId: error.payload.jti, cameraId: error.payload.cam })
        : new CodedError('GRANT_EXPIRED');
    throw new CodedError('GRANT_INVALID', undefined, { cause: error });
  }
}
