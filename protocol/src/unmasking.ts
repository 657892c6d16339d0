/** Seeing a masked camera as it is: who may, and what has to be said for it. Each time is a grant of its own kind, on the record first. */
import { type Static, Type } from '@sinclair/typebox';
import { CameraId, CaseNo } from './ids.ts';

export const UNMASK_REASONS = ['danger', 'order', 'complaint', 'check'] as const;
export type UnmaskReason = (typeof UNMASK_REASONS)[number];

/** Something is said: blanks are no words. Control characters are refused as in `shortText`. */
const Words = Type.String({ minLength: 2, maxLength: 200, pattern: '^(?=\\s*\\S\\s*\\S)[^\\u0000-\\u0009\\u000b-\\u001f\\u007f]*$' });

/** Why, from the list; and in a person's words, which the ledger holds as a salted hash only. */
export const Unmask = Type.Object(
  { reason: Type.Union(UNMASK_REASONS.map((r) => Type.Literal(r))), words: Words },
  { additionalProperties: false },
);
export type Unmask = Static<typeof Unmask>;

/** `POST apiPaths.unmaskedGrants`: a live camera without its masks, in a case or outside of any. */
export const UnmaskedGrantRequest = Type.Object(
  { cameraId: CameraId, caseNo: Type.Optional(CaseNo), unmask: Unmask },
  { additionalProperties: false },
);
export type UnmaskedGrantRequest = Static<typeof UnmaskedGrantRequest>;

/** `why` of a grant for a camera without its masks. */
export const unmaskGrantReason = (reason: UnmaskReason, caseNo?: string): string => `unmask:${reason}${caseNo ? `:${caseNo}` : ''}`;

/** Whoever works at the desk does not decide it alone. Auditors look at what was recorded, not at what is going on. */
export const UNMASK_ROLES = { live: ['admin'], play: ['admin'], export: ['admin'], original: ['admin', 'auditor'] } as const;

/** A reason is good for so long, s: the session without masks ends, and who has to look on says so again. */
export const UNMASKED_S = 600;
