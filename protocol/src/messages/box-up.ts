/** What a box tells the centre. The envelope's `id` is the idempotency key together with the box. */
import { type Static, Type } from '@sinclair/typebox';
import { cloudEvent } from '../envelope.ts';
import { CameraId, EpochMs, shortText, Uuid7 } from '../ids.ts';

/** How the key was used: one press of a dedicated key, a hold, three presses, or the configured silent gesture. */
export const Gesture = Type.Union([Type.Literal('sos'), Type.Literal('hold'), Type.Literal('triple'), Type.Literal('silent')]);
export type Gesture = Static<typeof Gesture>;

/** The camera that was on the screen at the press, and the time of the picture then shown. */
export const OnScreen = Type.Object({ cameraId: CameraId, pictureAt: EpochMs }, { additionalProperties: false });
export type OnScreen = Static<typeof OnScreen>;

/** `up/alarm`: the key was held. `id` of the envelope is the alarm id. */
export const AlarmRaised = cloudEvent(
  'cn.shouwang.alarm.raised.v1',
  Type.Object(
    {
      pressedAt: EpochMs,
      gesture: Gesture,
      /** Seconds for which the caller may still withdraw without the room being alerted by sound. */
      withdrawWindowS: Type.Integer({ minimum: 0, maximum: 10 }),
      onScreen: Type.Optional(OnScreen),
      /** Raised under somebody's eyes: silent everywhere. Its box hears `received` and nothing else, and cannot withdraw it. */
      silent: Type.Optional(Type.Literal(true)),
    },
    { additionalProperties: false },
  ),
);
export type AlarmRaised = Static<typeof AlarmRaised>;

/** `up/withdraw`: the caller takes the alarm back. It stays on the board, marked; only a person closes it. */
export const AlarmWithdrawn = cloudEvent(
  'cn.shouwang.alarm.withdrawn.v1',
  Type.Object({ alarmId: Uuid7, at: EpochMs }, { additionalProperties: false }),
);
export type AlarmWithdrawn = Static<typeof AlarmWithdrawn>;

/** What an alarm is about, said afterwards by one number key. */
export const About = Type.Union([
  Type.Literal('suspicious'),
  Type.Literal('fire'),
  Type.Literal('medical'),
  Type.Literal('theft'),
  Type.Literal('fight'),
  Type.Literal('other'),
]);
export type About = Static<typeof About>;

/** `up/detail`: what it is about, or that the key was pressed again while the alarm is open (a second press strengthens). */
export const AlarmDetailed = cloudEvent(
  'cn.shouwang.alarm.detailed.v1',
  Type.Object(
    {
      alarmId: Uuid7,
      at: EpochMs,
      about: Type.Optional(About),
      pressedAgain: Type.Optional(Type.Literal(true)),
      onScreen: Type.Optional(OnScreen),
    },
    { additionalProperties: false },
  ),
);
export type AlarmDetailed = Static<typeof AlarmDetailed>;

/** One key on the TV at the end: solved and content, solved so-so, not solved (which reopens the case). */
export const Rating = Type.Union([Type.Literal('satisfied'), Type.Literal('fair'), Type.Literal('unsolved')]);
export type Rating = Static<typeof Rating>;

/** `up/rating`. */
export const CaseRated = cloudEvent(
  'cn.shouwang.case.rating.v1',
  Type.Object({ alarmId: Uuid7, rating: Rating, at: EpochMs }, { additionalProperties: false }),
);
export type CaseRated = Static<typeof CaseRated>;

/** `up/test`: the whole way of an alarm is tried; pages nobody. Kept in the outbox like an alarm and answered `down/received` without a case number. */
export const TestRaised = cloudEvent(
  'cn.shouwang.box.test.v1',
  Type.Object(
    {
      at: EpochMs,
      /** `self`: the box by itself, daily. `person`: somebody at home pressed the test key, monthly. */
      by: Type.Union([Type.Literal('self'), Type.Literal('person')]),
    },
    { additionalProperties: false },
  ),
);
export type TestRaised = Static<typeof TestRaised>;

/** What can be wrong with a box that still has a voice. */
export const FaultKind = Type.Union([
  /** Too many unanswered messages: some were dropped. */
  Type.Literal('outbox-full'),
  /** The flash takes nothing: alarms go out from memory. */
  Type.Literal('flash'),
  /** No input device is open: the remote's key is not seen. */
  Type.Literal('keys'),
  /** A remote configuration was refused. */
  Type.Literal('config'),
  /** An update was refused, or rolled back. */
  Type.Literal('update'),
  /** The certificate could not be renewed. */
  Type.Literal('certificate'),
]);
export type FaultKind = Static<typeof FaultKind>;

/** `up/fault`: a fault began, or (`cleared`) ended. Never kept in the outbox: the flash may be what is broken; said again after every connect while it lasts. */
export const FaultReported = cloudEvent(
  'cn.shouwang.box.fault.v1',
  Type.Object(
    { fault: FaultKind, at: EpochMs, cleared: Type.Optional(Type.Literal(true)), detail: Type.Optional(shortText(200)) },
    { additionalProperties: false },
  ),
);
export type FaultReported = Static<typeof FaultReported>;

/** `up/renew`: asks for a new certificate (PKCS#10, RFC 2986, PEM). Answered on `down/certificate`, or `down/rejected`. */
export const RenewalAsked = cloudEvent(
  'cn.shouwang.box.renewal.v1',
  Type.Object(
    { csr: Type.String({ minLength: 100, maxLength: 4000, pattern: '^-----BEGIN CERTIFICATE REQUEST-----' }) },
    { additionalProperties: false },
  ),
);
export type RenewalAsked = Static<typeof RenewalAsked>;

/** `up/sync`: after every connect the box asks for the centre's notice and the state of its open alarms (at most 50 that it knows of). */
export const SyncAsked = cloudEvent(
  'cn.shouwang.box.sync.v1',
  Type.Object({ open: Type.Array(Uuid7, { maxItems: 50 }), version: Type.String({ maxLength: 40 }) }, { additionalProperties: false }),
);
export type SyncAsked = Static<typeof SyncAsked>;

/** `up/view`: asks for the list of cameras, or for grants to watch some of them. Answered on `down/cameras` or `down/grant` with `requestId` = this message's id. */
export const ViewAsked = cloudEvent(
  'cn.shouwang.box.view.v1',
  Type.Union([
    Type.Object({ ask: Type.Literal('cameras') }, { additionalProperties: false }),
    Type.Object(
      {
        ask: Type.Literal('grants'),
        cameraIds: Type.Array(CameraId, { minItems: 1, maxItems: 16 }),
        reason: Type.Union([Type.Literal('wall'), Type.Literal('watch')]),
      },
      { additionalProperties: false },
    ),
  ]),
);
export type ViewAsked = Static<typeof ViewAsked>;

/** `…/status`: retained presence and heartbeat; `online: false` is the last will. A will has no `health`: it was written before the fact. */
export const BoxStatus = Type.Object(
  {
    online: Type.Boolean(),
    /** By the box's clock, which may be wrong. */
    at: EpochMs,
    version: Type.String({ maxLength: 40 }),
    health: Type.Optional(
      Type.Object(
        {
          /** The last write to the outbox succeeded. */
          outbox: Type.Boolean(),
          /** The alarm key can be seen. */
          keys: Type.Boolean(),
          /** The box knows the time (it was not merely booted in 1970). */
          time: Type.Boolean(),
          /** Unanswered messages. */
          waiting: Type.Integer({ minimum: 0 }),
          /** Version of the remote configuration in force; 0: none. */
          config: Type.Integer({ minimum: 0 }),
          /** Every fault that lasts now: the whole list, so that an `up/fault` that got lost on the way does no harm. */
          faults: Type.Optional(Type.Array(FaultKind, { maxItems: 20 })),
        },
        { additionalProperties: false },
      ),
    ),
    /** SHA-256 (hex) over the box id and what identifies the network next door (the gateway's hardware address): it changes when the box is moved, and tells nobody where that is. */
    neighbourhood: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  },
  { additionalProperties: false, $id: 'cn.shouwang.box.status.v1' },
);
export type BoxStatus = Static<typeof BoxStatus>;
