/**
 * Running the centre (`/api/v1/admin`): people with the role `admin`, and the command line on the centre's own machine through the
 * Unix socket in its data folder, which serves the same routes.
 */
import { type Static, Type } from '@sinclair/typebox';
import type { ErrorBody } from './errors.ts';
import type { Household } from './http-api.ts';
import { AreaCode, BoxId, shortText } from './ids.ts';
import type { BoxReported } from './messages/activation.ts';
import { ConfigSent } from './messages/box-down.ts';
import { Position } from './messages/media.ts';
import type { RemoteSettings } from './messages/remote-config.ts';

export const adminPaths = {
  /** GET `?after=BOXID&limit=N&area=CODE` → `{ boxes: AdminBox[] }`, by box id. POST `BoxesEnrolled` → `EnrolmentDone`. */
  boxes: '/api/v1/admin/boxes',
  /** GET → `AdminBox`. */
  box: (boxId: string) => `/api/v1/admin/boxes/${boxId}`,
  /** POST `text/csv` (UTF-8 or GB18030) `?partial=1&makeSecrets=1` → `EnrolmentDone`; otherwise 400 and `EnrolmentRefused`. */
  importBoxes: '/api/v1/admin/boxes/import',
  /** POST → `AdminBox`. The box's connection ends at once, and it is refused from then on. */
  revokeBox: (boxId: string) => `/api/v1/admin/boxes/${boxId}/revoke`,
  /** POST → `AdminBox`: takes a revocation back. */
  reinstateBox: (boxId: string) => `/api/v1/admin/boxes/${boxId}/reinstate`,
  /** POST `CertificateWanted` → `BoxCertificate`: signs a request of this box. */
  boxCertificate: (boxId: string) => `/api/v1/admin/boxes/${boxId}/certificate`,
  /** GET → `AuthorityView`: the centre's CA. */
  authority: '/api/v1/admin/authority',
  /** GET → `{ configs: RemoteConfigView[] }`. POST `ConfigSpread` → `ConfigSpreadDone`: kept, and sent to every box that it is for. */
  remoteConfigs: '/api/v1/admin/remote-configs',
  /** POST → `ActivationIssued`: a one-time code for a box without a daemon; an earlier one of the same box is void. GET → `ActivationSeen`. */
  activation: (boxId: string) => `/api/v1/admin/boxes/${boxId}/activation`,
} as const;

/** A signed remote configuration, and who gets it: one box, or every box in an area. */
export const ConfigSpread = Type.Object(
  {
    to: Type.Union([
      Type.Object({ boxId: BoxId }, { additionalProperties: false }),
      Type.Object({ area: AreaCode }, { additionalProperties: false }),
    ]),
    config: ConfigSent.properties.data,
  },
  { additionalProperties: false },
);
export type ConfigSpread = Static<typeof ConfigSpread>;

/** How many enrolled boxes it is for, and to how many of them it went now; the others get it when they come. */
export interface ConfigSpreadDone {
  version: number;
  boxes: number;
  sent: number;
}

/** What the centre sends to boxes after each `up/sync`. `target`: `box:ID` or `area:CODE`. */
export interface RemoteConfigView {
  target: string;
  version: number;
  kid: string;
  settings: RemoteSettings;
  /** Who gave it, and when. */
  by: string;
  at: number;
}

/** A box and its household, to be enrolled or changed. Without `secret` a known box keeps its own; a new one has none and needs a certificate. */
export const BoxEnrolled = Type.Object(
  {
    boxId: BoxId,
    /** 256 random bits in base64url (43 characters) or hex. */
    secret: Type.Optional(Type.String({ minLength: 32, maxLength: 200, description: 'random secret of at least 32 characters' })),
    name: shortText(40),
    address: shortText(120),
    phone: shortText(30),
    area: AreaCode,
    position: Type.Optional(Position),
  },
  { additionalProperties: false },
);
export type BoxEnrolled = Static<typeof BoxEnrolled>;

/** Body of POST `boxes`. Nothing is applied when one of them is refused, unless `partial`. */
export const BoxesEnrolled = Type.Object(
  {
    boxes: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1000, description: 'each a `BoxEnrolled`; each is judged by itself' }),
    partial: Type.Optional(Type.Boolean()),
    /** Makes a random secret for each new box without one; it is said once, in the answer. */
    makeSecrets: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type BoxesEnrolled = Static<typeof BoxesEnrolled>;

/** Body of POST `boxCertificate`: a PKCS#10 request (RFC 2986) in PEM whose subject is the box id. */
export const CertificateWanted = Type.Object(
  {
    csr: Type.String({ minLength: 100, maxLength: 4000, pattern: '^-----BEGIN CERTIFICATE REQUEST-----' }),
    /** The box's earlier certificates stay good (a renewal by hand). Otherwise this is a fresh enrolment, and they are refused from now on. */
    keepEarlier: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type CertificateWanted = Static<typeof CertificateWanted>;

/** A certificate that was signed. */
export interface BoxCertificate {
  boxId: string;
  /** Hexadecimal. */
  serial: string;
  /** ms */
  notAfter: number;
  /** PEM, the box's own certificate first. */
  chain: string;
}

/** The centre's CA. */
export interface AuthorityView {
  /** What boxes trust: `centre.pins` of the bridge. */
  pin: string;
  /** PEM. */
  certificate: string;
}

/** One entry that could not be taken. */
export interface RefusedEntry {
  /** Of a CSV: the line in the file, the header being 1. Of JSON: the place in the list, from 1. */
  line: number;
  boxId?: string | undefined;
  reason: string;
}

/** What became of an enrolment. */
export interface EnrolmentDone {
  enrolled: number;
  changed: number;
  unchanged: number;
  /** With `partial`; and what could not be written any more after a part was (`STORE_UNAVAILABLE`): enrol it again. */
  refused: RefusedEntry[];
  /** Secrets that were made here; nobody can read them again. */
  secrets: { boxId: string; secret: string }[];
}

/** Nothing was applied: every entry that is in the way. */
export interface EnrolmentRefused extends ErrorBody {
  refused: RefusedEntry[];
}

/** A box as the registry shows it. */
export interface AdminBox extends Household {
  revoked: boolean;
  online: boolean;
  /** Whether it may come with a secret (otherwise with a certificate only). */
  hasSecret: boolean;
}

/** A code for the engineer, said once. It opens the box's account once, until `expiresAt` (ms). */
export interface ActivationIssued {
  boxId: string;
  code: string;
  expiresAt: number;
}

/** What is known of a box's activation. `reported` is what its page said of itself: a hint, never proof. */
export interface ActivationSeen {
  boxId: string;
  /** Until when the open code is good, ms; absent where none is open. */
  openUntil?: number | undefined;
  activatedAt?: number | undefined;
  reported?: BoxReported | undefined;
}
