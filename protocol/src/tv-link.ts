/**
 * The link between the bridge and the TV page on the same box: JSON-RPC 2.0 over a loopback WebSocket
 * at `/tv-link?token=…`. The bridge pushes whole states, never differences, so that a page that starts
 * at any time shows the truth.
 */
import { type Static, Type } from '@sinclair/typebox';
import type { ErrorBody } from './errors.ts';
import { CameraId, EpochMs, Uuid7 } from './ids.ts';
import type { CaseState, Grant, NearbyCamera } from './messages/box-down.ts';
import { About, Rating } from './messages/box-up.ts';

export const TV_LINK_VERSION = 1;

/**
 * Keys that the bridge wants to hear of. `alarm` needs a hold or several presses, `sos` is made for this and needs neither; `silent` and
 * `test` are keys of the configured silent and test gestures.
 */
export const AlarmKey = Type.Union([Type.Literal('alarm'), Type.Literal('sos'), Type.Literal('silent'), Type.Literal('test')]);
export type AlarmKey = Static<typeof AlarmKey>;

/** How the family wants the screen; kept on the box. */
export const TvSettings = Type.Object(
  {
    type: Type.Union([Type.Literal('normal'), Type.Literal('large'), Type.Literal('huge')]),
    contrast: Type.Union([Type.Literal('plain'), Type.Literal('high')]),
    language: Type.Union([Type.Literal('zh'), Type.Literal('en')]),
    voice: Type.Union([Type.Literal('on'), Type.Literal('off')]),
  },
  { additionalProperties: false },
);
export type TvSettings = Static<typeof TvSettings>;

/** Calls from the page. Params by name. */
export const TvCalls = {
  /** First call. Result: `TvState`. */
  hello: Type.Object({ version: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
  /** A key event seen by the page, on platforms whose remote reaches the page only (`TvState.keysFrom === 'page'`). Result: null. */
  key: Type.Object({ key: AlarmKey, action: Type.Union([Type.Literal('down'), Type.Literal('up')]) }, { additionalProperties: false }),
  /** What is on the screen now; null when no camera is. An alarm carries it. Result: null. */
  watching: Type.Object(
    { onScreen: Type.Union([Type.Null(), Type.Object({ cameraId: CameraId, pictureAt: EpochMs }, { additionalProperties: false })]) },
    { additionalProperties: false },
  ),
  /** Withdraws the open alarm. Result: null. */
  withdraw: Type.Object({}, { additionalProperties: false }),
  /** Says what the open alarm is about. Result: null. */
  detail: Type.Object({ about: About }, { additionalProperties: false }),
  /** Answers "solved?", of the last alarm or of another of `TvState.reports`. Result: null. */
  rate: Type.Object({ rating: Rating, alarmId: Type.Optional(Uuid7) }, { additionalProperties: false }),
  /** The villager put the alarm screen away (only once the alarm is rated, withdrawn, or rejected). Result: null. */
  dismiss: Type.Object({}, { additionalProperties: false }),
  /** Puts the result of a test alarm away. Result: null. */
  dismissTest: Type.Object({}, { additionalProperties: false }),
  /** A test alarm, as by the test key. Result: null. */
  test: Type.Object({}, { additionalProperties: false }),
  /** Keeps the family's settings on the box. Result: null. */
  settings: Type.Object({ settings: TvSettings }, { additionalProperties: false }),
  /** Somebody opened a notice: it is not new on this box any more. Result: null. */
  readNotice: Type.Object({ noticeId: Uuid7 }, { additionalProperties: false }),
  /** Asks the centre for the nearby cameras. Result: `{ cameras: NearbyCamera[] }`. Errors: OFFLINE, TIMEOUT. */
  cameras: Type.Object({}, { additionalProperties: false }),
  /** Asks the centre for grants. Result: `GrantsResult`. Errors: OFFLINE, TIMEOUT. */
  grants: Type.Object(
    {
      cameraIds: Type.Array(CameraId, { minItems: 1, maxItems: 16 }),
      reason: Type.Union([Type.Literal('wall'), Type.Literal('watch')]),
    },
    { additionalProperties: false },
  ),
} as const;
export type TvCallName = keyof typeof TvCalls;
export type TvCallParams<N extends TvCallName> = Static<(typeof TvCalls)[N]>;

export interface CamerasResult {
  cameras: NearbyCamera[];
}
export interface GrantsResult {
  grants: Grant[];
  refused: { cameraId: string; code: string }[];
}

/** The only notification: method `state`, params this. */
export interface TvState {
  version: typeof TV_LINK_VERSION;
  boxId: string;
  /** Where this box stands, as the family says it (e.g. 平安村3组12号), from the bridge's configuration. Shown on the wall where given. */
  place?: string | undefined;
  /** Who sees the remote's alarm key: the bridge itself, or only the page. */
  keysFrom: 'device' | 'page';
  /** What this platform can promise (decision 9); the TV claims no more. */
  claims: { stored: boolean; survivesPowerLoss: boolean; keyOutsidePage: boolean };
  /** The bridge's clock, ms since 1970, when this state was made. */
  now: number;
  centre: {
    /** MQTT is connected now. */
    connected: boolean;
    name: string;
    /** Known from configuration before the centre ever answered: shown from the first second. */
    phone: string;
    /** Somebody is logged in at a console; undefined until the centre said so on this connection. */
    staffed?: boolean | undefined;
    /** The centre does not know this box, or no longer: it lets it in no more. Absent where that was not said. */
    refused?: true | undefined;
  };
  /** The gesture in progress; undefined when no alarm key is involved. `hint` shows how, after a press that was too short. */
  gesture?: { kind: 'holding' | 'hint'; since: number; holdMs: number; presses: number } | undefined;
  alarm?: TvAlarm | undefined;
  /** The last test press of a person, for as long as it is of interest: a test alarm pages nobody. */
  test?:
    | {
        at: number;
        storedAt?: number | undefined;
        sentAt?: number | undefined;
        receivedAt?: number | undefined;
        /** It has not got through in the time that an alarm may take. */
        late?: true | undefined;
      }
    | undefined;
  /** The flash does not take what is written: an alarm goes out from memory, and "stored" is not claimed. */
  flashBroken?: boolean | undefined;
  /**
   * The alarms of this box, the newest first, ten at most, the open one too; never a silent one. Absent where the box keeps none for good and
   * the centre has not told it yet.
   */
  reports?: TvAlarm[] | undefined;
  /** When a person's test last got through. */
  testedAt?: number | undefined;
  /** Nobody has confirmed the box's clock yet: its times may be wrong. */
  clockUnsure?: true | undefined;
  /** What the family chose; absent before it chose anything. */
  settings?: TvSettings | undefined;
  /** What the township has to say to this household, the newest first. */
  notices?: TvNotice[] | undefined;
}

/** A notice of the township. */
export interface TvNotice {
  id: string;
  /** When it was given out. */
  at: number;
  /** Who says it, e.g. 平安镇人民政府. */
  from: string;
  title: string;
  text: string;
  /** Somebody here has opened it. */
  read?: true | undefined;
}

/** The open (or last) alarm as the box knows it. Each time is set only after the fact. */
export interface TvAlarm {
  id: string;
  pressedAt: number;
  /** On flash (②). Absent where the flash refused it. */
  storedAt?: number | undefined;
  /** Handed to the network (③). */
  sentAt?: number | undefined;
  /** Committed at the centre (④). */
  receivedAt?: number | undefined;
  caseNo?: string | undefined;
  /** Until when withdrawing keeps the room quiet. */
  withdrawUntil: number;
  /** The villager withdrew it (`withdrawSentAt`), and the centre knows (`withdrawnAt`). */
  withdrawSentAt?: number | undefined;
  withdrawnAt?: number | undefined;
  /** 20 s have passed without `received`. */
  late: boolean;
  /** Final refusal by the centre. */
  rejected?: { code: string; message: string; phone: string } | undefined;
  /** From the centre's progress. */
  state?: CaseState | undefined;
  post?: string | undefined;
  signedAt?: number | undefined;
  handlingAt?: number | undefined;
  closedAt?: number | undefined;
  result?: string | undefined;
  escalatedAt?: number | undefined;
  extendedUntil?: number | undefined;
  reopened: number;
  /** Only the centre remembers it: what this box did of it is not known. */
  fromCentre?: true | undefined;
  about?: Static<typeof About> | undefined;
  /** The key was held again while this alarm was open (a second press strengthens): when the newest was on flash, and whether the centre has it. */
  pressedAgainAt?: number | undefined;
  pressedAgainReceived?: boolean | undefined;
  /** The answer given on this box, and whether the centre has it. */
  rating?: Static<typeof Rating> | undefined;
  ratingReceived: boolean;
}

export interface TvRequest {
  jsonrpc: '2.0';
  id: number;
  method: TvCallName;
  params: unknown;
}
export type TvResponse =
  | { jsonrpc: '2.0'; id: number; result: unknown }
  /** JSON-RPC 2.0 §5.1 numbers; `data` carries the coded error. */
  | { jsonrpc: '2.0'; id: number | null; error: { code: number; message: string; data?: ErrorBody } };
export interface TvNotification {
  jsonrpc: '2.0';
  method: 'state';
  params: TvState;
}
