/**
 * HTTP of the centre (`/api/v1`), for the console and for integrators. Errors are `ErrorBody`.
 * The console is known by an HttpOnly, SameSite=Strict cookie; integrators by HTTP Basic with their MQTT credentials.
 */
import { type Static, Type } from '@sinclair/typebox';
import { EpochMs, shortText } from './ids.ts';
import type { CaseState } from './messages/box-down.ts';
import type { About, Gesture, OnScreen, Rating } from './messages/box-up.ts';
import type { CaseAnnounced, CaseEventName } from './messages/case-events.ts';
import type { CameraFaultKind } from './messages/evidence.ts';
import type { CatalogueCamera, Position } from './messages/media.ts';

export const apiPaths = {
  health: '/api/v1/health',
  /** POST `Login` → `Me`, sets the cookie. */
  login: '/api/v1/login',
  logout: '/api/v1/logout',
  me: '/api/v1/me',
  /** GET → `{ cases: CaseView[], seq }`: open cases, and those closed in the last 24 h, newest first (at most 500); `seq` is where the live feed goes on. */
  cases: '/api/v1/cases',
  /** GET → `CaseDetail`. */
  case: (caseNo: string) => `/api/v1/cases/${caseNo}`,
  /** POST `ConsoleCommand` → `CaseView`. */
  commands: (caseNo: string) => `/api/v1/cases/${caseNo}/commands`,
  /** SSE, resumes from `Last-Event-ID` (or `?after=SEQ`): `event: case`, `id: SEQ`, data `LiveCase`; `event: centre`, data `CentreStatus` (no id). With nothing else to say, `centre` comes every 4 s as a sign of life (a comment would be invisible to an EventSource). */
  live: '/api/v1/live',
  /** POST `LiveAnswer`: a console answers a sign of life. Once it has, its feed is cut when it stays silent for `live.answerS`. The feed's name comes first on it: `event: feed`, data `{ "feed": … }`. */
  liveAnswer: '/api/v1/live/answer',
  /** GET → `{ cameras: ConsoleCamera[] }`. */
  cameras: '/api/v1/cameras',
  /** POST `GrantRequest` → `Grant`. */
  grants: '/api/v1/grants',
  /** POST `UnmaskedGrantRequest` → `Grant` for the camera without its masks. Admins; who, which and why are on the record first, a refusal too. */
  unmaskedGrants: '/api/v1/grants/unmasked',
  /** GET `?after=SEQ&limit=N` → `{ events: CaseAnnounced[] }`, for integrators that were away. */
  integratorEvents: '/api/v1/integrator/events',
  /** GET → `CaseView`, for integrators that may see households. */
  integratorCase: (caseNo: string) => `/api/v1/integrator/cases/${caseNo}`,
  /** GET `?after=N&limit=N` → `{ rows: LedgerRow[] }`. */
  ledger: '/api/v1/ledger',
  /** GET `?before=ID&limit=N` → `{ deadLetters: DeadLetter[] }`, newest first: what was refused, and why. */
  deadLetters: '/api/v1/dead-letters',
  /** GET → `DeadLetterWhole`. Admins only; reading one is on the record. */
  deadLetter: (id: number | string) => `/api/v1/dead-letters/${id}`,
  /** POST → `Replayed`: takes the message through the intake again as if its sender had just sent it. Admins only; what was accepted once stays so. */
  replayDeadLetter: (id: number | string) => `/api/v1/dead-letters/${id}/replay`,
  /** GET: JSON Web Key Set (RFC 7517) with which media nodes check grants. No login. */
  jwks: '/api/v1/jwks.json',
} as const;

export const Login = Type.Object(
  { user: Type.String({ minLength: 1, maxLength: 40 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
);
export type Login = Static<typeof Login>;

export const LiveAnswer = Type.Object({ feed: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
export type LiveAnswer = Static<typeof LiveAnswer>;

export interface Me {
  user: string;
  /** The post shown to villagers when this person signs, e.g. 综治中心值班员. */
  post: string;
  role: 'operator' | 'auditor' | 'admin';
  centreName: string;
}

/** What an operator may do to a case. */
export const ConsoleCommand = Type.Union([
  Type.Object({ command: Type.Literal('sign') }, { additionalProperties: false }),
  /** Somebody is on the way. */
  Type.Object({ command: Type.Literal('handle') }, { additionalProperties: false }),
  Type.Object({ command: Type.Literal('note'), text: shortText(500) }, { additionalProperties: false }),
  Type.Object({ command: Type.Literal('ask-extension'), reason: shortText(200), until: EpochMs }, { additionalProperties: false }),
  Type.Object({ command: Type.Literal('grant-extension') }, { additionalProperties: false }),
  Type.Object({ command: Type.Literal('refuse-extension'), reason: shortText(200) }, { additionalProperties: false }),
  Type.Object({ command: Type.Literal('close'), result: shortText(500) }, { additionalProperties: false }),
]);
export type ConsoleCommand = Static<typeof ConsoleCommand>;

/** Household as enrolled. Personal: shown to operators, never in hashed events or on MQTT. */
export interface Household {
  boxId: string;
  name: string;
  address: string;
  phone: string;
  area: string;
  position?: Position | undefined;
  /** The box's network neighbourhood changed at this time and no person has confirmed the address since (地址待核实). ms */
  addressInDoubtSince?: number | undefined;
  /** The box's certificate had expired when it last connected: it is in for alarms and renewal alone. ms */
  certificateExpiredAt?: number | undefined;
}

/** A case as the board shows it. */
export interface CaseView {
  caseNo: string;
  alarmId: string;
  revision: number;
  state: CaseState;
  area: string;
  areaName: string;
  household: Household;
  /** By the box's clock. */
  pressedAt: number;
  /** By the centre's clock, at the commit. */
  receivedAt: number;
  /** The box's clock minus the centre's, ms, as last measured on its connection; absent where it was never measured. */
  clockSkewMs?: number | undefined;
  gesture: Gesture;
  /** Raised under somebody's eyes: nothing of it may be heard or seen at the caller's. Never ring back. */
  silent?: boolean | undefined;
  /** The room stays quiet until then (the caller may still withdraw). */
  quietUntil: number;
  onScreen?: OnScreen | undefined;
  about?: About | undefined;
  /** Presses while open, the first one included. */
  presses: number;
  post?: string | undefined;
  signedAt?: number | undefined;
  handlingAt?: number | undefined;
  closedAt?: number | undefined;
  result?: string | undefined;
  withdrawnAt?: number | undefined;
  escalatedAt?: number | undefined;
  extension?: { askedAt: number; reason: string; until: number; decided?: 'granted' | 'refused' | undefined } | undefined;
  rating?: Rating | undefined;
  reopened: number;
  /** The caller called again (pressed once more after the signing or after a withdrawal, or "not solved" reopened the case) and nobody has done anything to it since. ms */
  alertedAt?: number | undefined;
  /** When the running step is due, and which step that is. Undefined once closed. */
  due?: { step: 'sign' | 'handle' | 'close'; at: number } | undefined;
}

export interface CaseHistoryRow {
  revision: number;
  event: CaseEventName;
  at: number;
  by: string;
  text?: string | undefined;
  post?: string | undefined;
  until?: number | undefined;
  /** Of `rated`. */
  rating?: Rating | undefined;
}

export interface CaseDetail extends CaseView {
  history: CaseHistoryRow[];
  /** Nearest cameras, the one on the caller's screen first. */
  cameras: ConsoleCamera[];
}

export interface ConsoleCamera extends CatalogueCamera {
  /** Whether its media node is connected. */
  online: boolean;
  /** Its pictures come now. Absent: nobody watches it, or they do not. */
  live?: boolean | undefined;
  /** What its node found wrong with it when it last looked; since when, ms since 1970. */
  fault?: { fault: CameraFaultKind; since: number; detail?: string | undefined } | undefined;
  distanceM?: number | undefined;
}

export interface LiveCase {
  event: CaseAnnounced;
  view: CaseView;
}

export interface CentreStatus {
  now: number;
  boxesOnline: number;
  operators: number;
}

export const GrantRequest = Type.Object(
  {
    cameraId: Type.String({ maxLength: 40 }),
    /** A look-up needs a case or a reason from the list. */
    why: Type.Union([
      Type.Object({ caseNo: Type.String({ maxLength: 20 }) }, { additionalProperties: false }),
      Type.Object({ reason: Type.Union([Type.Literal('round'), Type.Literal('maintenance')]) }, { additionalProperties: false }),
    ]),
  },
  { additionalProperties: false },
);
export type GrantRequest = Static<typeof GrantRequest>;

export interface LedgerRow {
  n: number;
  at: number;
  kind: string;
  subject: string;
  /** Canonical JSON (RFC 8785) of the event; pseudonymous ids only. */
  event: string;
  /** SHA-256, hex: over the previous hash and `event`. */
  hash: string;
}

/** Something that the centre refused: a malformed message, another's topic, an unknown box. */
export interface DeadLetter {
  id: number;
  at: number;
  /** The MQTT topic, or `CONNECT`. */
  topic: string;
  client: string;
  code: string;
  reason: string;
  /** The beginning of the payload. */
  payload: string;
  /** Bytes of the whole payload; 0 where it is empty or not kept any more. */
  bytes: number;
  /** How many such messages this row stands for: of those sent too fast only the first is kept. */
  count: number;
  replayedAt?: number | undefined;
  /** `operator:NAME`, or `local`. */
  replayedBy?: string | undefined;
  /** `accepted`, or the code with which the replay was refused. */
  outcome?: string | undefined;
}

/** One dead letter with its whole payload, where that is kept. */
export interface DeadLetterWhole extends DeadLetter {
  /** The whole payload (RFC 4648, 4). */
  bodyBase64?: string | undefined;
}

/** What a replay came to. */
export interface Replayed {
  id: number;
  /** `accepted`, or the code with which it was refused. */
  outcome: string;
  replayedAt: number;
  replayedBy: string;
}
