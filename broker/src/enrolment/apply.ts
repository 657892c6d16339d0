/** Turns the enrolment file into hashed entries for the store. */
import type { Enrolment } from './operations.ts';
import type { EnrolmentFile } from './schema.ts';
import { hashPassword, hashSecret } from './secrets.ts';

/** Hashes every secret of the file. The plain ones go no further than here. */
export async function hashEnrolment(file: EnrolmentFile, at: number): Promise<Enrolment> {
  return {
    boxes: file.boxes.map(({ secret, revoked, ...household }) => ({ household, secretHash: hashSecret(secret), revoked })),
    integrators: file.integrators.map(({ secret, ...rest }) => ({ ...rest, secretHash: hashSecret(secret) })),
    mediaNodes: file.mediaNodes.map(({ secret, ...rest }) => ({ ...rest, secretHash: hashSecret(secret) })),
    operators: await Promise.all(
      file.operators.map(async ({ password, ...rest }) => ({ ...rest, passwordHash: await hashPassword(password) })),
    ),
    areas: Object.entries(file.areas),
    at,
  };
}
