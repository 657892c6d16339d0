/** How a box that can run no daemon is activated (`boxPaths.activate`). */
import { type Static, Type } from '@sinclair/typebox';
import { shortText } from '../ids.ts';

/** Eight digits, typed once on the remote by the engineer. */
export const ActivationCode = Type.String({ pattern: '^[0-9]{8}$', description: 'eight digits' });

/** What the page can read about the box that it runs on. Anybody can read or invent it: a hint for the engineer, never a credential. */
export const BoxReported = Type.Object(
  {
    /** e.g. `ipanel` */
    middleware: Type.String({ pattern: '^[a-z][a-z0-9-]{0,29}$' }),
    card: Type.Optional(shortText(64)),
    stb: Type.Optional(shortText(64)),
    mac: Type.Optional(shortText(40)),
  },
  { additionalProperties: false },
);
export type BoxReported = Static<typeof BoxReported>;

export const BoxActivation = Type.Object({ code: ActivationCode, reported: BoxReported }, { additionalProperties: false });
export type BoxActivation = Static<typeof BoxActivation>;
