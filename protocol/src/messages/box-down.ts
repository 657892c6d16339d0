/** What the centre tells a box. */
import { type Static, Type } from '@sinclair/typebox';
import { cloudEvent } from '../envelope.ts';
import { BoxId, CameraId, CaseNo, EpochMs, shortText, Uuid7 } from '../ids.ts';
import { CAMERA_FAULTS } from './evidence.ts';
import { CameraGroup } from './media.ts';

/** The centre as a villager knows it. `staffed`: somebody is logged in at a console now. */
export const CentreNotice = cloudEvent(
  'cn.shouwang.centre.notice.v1',
  Type.Object({ name: shortText(60), phone: shortText(30), staffed: Type.Boolean() }, { additionalProperties: false }),
);
export type CentreNotice = Static<typeof CentreNotice>;

/** `down/received`: the message `messageId` of this box is committed at the centre. Only now may the box delete it from its outbox. */
export const Received = cloudEvent(
  'cn.shouwang.box.received.v1',
  Type.Object(
    {
      messageId: Uuid7,
      alarmId: Uuid7,
      /** Absent for a test: it makes no case. `alarmId` is then the test's own id. */
      caseNo: Type.Optional(CaseNo),
      receivedAt: EpochMs,
    },
    { additionalProperties: false },
  ),
);
export type Received = Static<typeof Received>;

/** `down/rejected`: final; the box keeps the message, stops retrying, and the TV shows whom to ring. `code` is from the error table. */
export const Rejected = cloudEvent(
  'cn.shouwang.box.rejected.v1',
  Type.Object(
    {
      messageId: Uuid7,
      alarmId: Type.Optional(Uuid7),
      code: Type.String({ pattern: '^[A-Z][A-Z0-9_]{2,60}$' }),
      message: shortText(200),
      phone: shortText(30),
    },
    { additionalProperties: false },
  ),
);
export type Rejected = Static<typeof Rejected>;

/** Where a case stands, in the order of the five steps (国办发〔2020〕53号; the mission's 接报→签收→处置→(延期)→办结). */
export const CaseState = Type.Union([Type.Literal('received'), Type.Literal('signed'), Type.Literal('handling'), Type.Literal('closed')]);
export type CaseState = Static<typeof CaseState>;

/**
 * `down/progress`: the whole truth about one alarm, not a difference: the newest `revision` wins, older ones are ignored.
 * `revision` counts the case's events.
 */
export const Progress = cloudEvent(
  'cn.shouwang.alarm.progress.v1',
  Type.Object(
    {
      alarmId: Uuid7,
      caseNo: CaseNo,
      revision: Type.Integer({ minimum: 1 }),
      state: CaseState,
      /** When the case entered `state`. */
      since: EpochMs,
      receivedAt: EpochMs,
      /** The post that signed, e.g. 综治中心值班员; never a person's name. */
      post: Type.Optional(shortText(40)),
      signedAt: Type.Optional(EpochMs),
      handlingAt: Type.Optional(EpochMs),
      closedAt: Type.Optional(EpochMs),
      /** What was done, in the closer's words. */
      result: Type.Optional(shortText(500)),
      /** Nobody signed in time, or nobody was logged in: it went one level up at this time. */
      escalatedAt: Type.Optional(EpochMs),
      /** Until when more time was granted. */
      extendedUntil: Type.Optional(EpochMs),
      withdrawnAt: Type.Optional(EpochMs),
      /** The caller's answer so far. */
      rating: Type.Optional(Type.Union([Type.Literal('satisfied'), Type.Literal('fair'), Type.Literal('unsolved')])),
      /** How often "not solved" brought it back. */
      reopened: Type.Integer({ minimum: 0 }),
    },
    { additionalProperties: false },
  ),
);
export type Progress = Static<typeof Progress>;

/** A camera as a household may know it: granted to its area, nearest first. */
export const NearbyCamera = Type.Object(
  {
    id: CameraId,
    name: shortText(40),
    place: shortText(80),
    /** Metres from the household as the crow flies; absent where either position is unknown. */
    distanceM: Type.Optional(Type.Integer({ minimum: 0 })),
    /** As the catalogue says; absent: the TV guesses by the words of its name. */
    group: Type.Optional(CameraGroup),
    /** Whether its media node is connected. */
    online: Type.Boolean(),
    /** What its node found wrong with it when it last looked. It may be watched all the same. */
    fault: Type.Optional(Type.Union(CAMERA_FAULTS.map((f) => Type.Literal(f)))),
  },
  { additionalProperties: false },
);
export type NearbyCamera = Static<typeof NearbyCamera>;

/** `down/cameras`. */
export const Cameras = cloudEvent(
  'cn.shouwang.box.cameras.v1',
  Type.Object({ requestId: Uuid7, boxId: BoxId, cameras: Type.Array(NearbyCamera, { maxItems: 200 }) }, { additionalProperties: false }),
);
export type Cameras = Static<typeof Cameras>;

/** A grant as a viewer holds it: present `token` at `mediaUrl` before `expiresAt`. */
export const Grant = Type.Object(
  {
    cameraId: CameraId,
    token: Type.String({ minLength: 20, maxLength: 2000 }),
    mediaUrl: Type.String({ pattern: '^https?://', maxLength: 200 }),
    expiresAt: EpochMs,
  },
  { additionalProperties: false },
);
export type Grant = Static<typeof Grant>;

/** `down/grant`: what was granted, and with a code what was not. */
export const Grants = cloudEvent(
  'cn.shouwang.box.grants.v1',
  Type.Object(
    {
      requestId: Uuid7,
      grants: Type.Array(Grant, { maxItems: 16 }),
      refused: Type.Array(Type.Object({ cameraId: CameraId, code: Type.String({ maxLength: 60 }) }, { additionalProperties: false }), {
        maxItems: 16,
      }),
    },
    { additionalProperties: false },
  ),
);
export type Grants = Static<typeof Grants>;

/** `down/config`: a signed remote configuration. The box checks the signature over the bytes of `payload` before it reads them. */
export const ConfigSent = cloudEvent(
  'cn.shouwang.box.config.v1',
  Type.Object(
    {
      /** JSON text of the configuration, base64. */
      payload: Type.String({ minLength: 4, maxLength: 20_000, pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
      /** `Ed25519` (RFC 8032) today; a box refuses what it does not know. */
      alg: Type.String({ minLength: 1, maxLength: 40 }),
      kid: Type.String({ minLength: 1, maxLength: 80 }),
      /** base64 */
      signature: Type.String({ minLength: 4, maxLength: 1000, pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
    },
    { additionalProperties: false },
  ),
);
export type ConfigSent = Static<typeof ConfigSent>;

/** `down/certificate`: the answer to `up/renew`. PEM, the box's own certificate first. */
export const CertificateIssued = cloudEvent(
  'cn.shouwang.box.certificate.v1',
  Type.Object(
    { requestId: Uuid7, chain: Type.String({ minLength: 100, maxLength: 16_000, pattern: '^-----BEGIN CERTIFICATE-----' }) },
    { additionalProperties: false },
  ),
);
export type CertificateIssued = Static<typeof CertificateIssued>;
