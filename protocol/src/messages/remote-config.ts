/**
 * What may be set on a box from afar: the content of `down/config`'s signed payload. Times and gestures within narrow bounds, nothing
 * else: no address, no file, no key, and no name or number of the centre (`down/notice` says those). A box that took any
 * of these settings can still be pressed, still reaches the same centre, and says so.
 */
import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { AreaCode, BoxId } from '../ids.ts';

const optional = <P extends TProperties>(properties: P) =>
  Type.Optional(Type.Partial(Type.Object(properties), { additionalProperties: false }));

/** Keys are those of the bridge's own configuration; bounds lie within its bounds. */
export const RemoteSettings = Type.Object(
  {
    alarm: optional({
      withdrawWindowS: Type.Integer({ minimum: 0, maximum: 10 }),
      lateAfterS: Type.Integer({ minimum: 5, maximum: 60 }),
    }),
    keys: optional({
      holdMs: Type.Integer({ minimum: 1000, maximum: 4000 }),
      bridgeGapMs: Type.Integer({ minimum: 0, maximum: 600 }),
      presses: Type.Integer({ minimum: 2, maximum: 5 }),
      withinMs: Type.Integer({ minimum: 1500, maximum: 6000 }),
    }),
    uplink: optional({
      /** A lost line is shown within 90 s: not slower than 60. */
      keepAliveS: Type.Integer({ minimum: 10, maximum: 60 }),
      reconnectMinMs: Type.Integer({ minimum: 250, maximum: 10_000 }),
      reconnectMaxMs: Type.Integer({ minimum: 5000, maximum: 120_000 }),
      retryMinMs: Type.Integer({ minimum: 1000, maximum: 10_000 }),
      retryMaxMs: Type.Integer({ minimum: 5000, maximum: 120_000 }),
      /** The centre suspects a box that it has not heard for `fleet.suspectAfterS` (85 by default): not slower than 60 either. */
      heartbeatS: Type.Integer({ minimum: 10, maximum: 60 }),
      askTimeoutMs: Type.Integer({ minimum: 2000, maximum: 20_000 }),
    }),
    log: optional({
      level: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')]),
    }),
  },
  { additionalProperties: false },
);
export type RemoteSettings = Static<typeof RemoteSettings>;

/** The signed payload. Settings replace those of the version before as a whole: what is not named here is as the box's own file says. */
export const RemoteConfig = Type.Object(
  {
    /** Only a greater one than any that the box ever took is taken: an old file cannot be played again. */
    version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    /** For this box only. */
    boxId: Type.Optional(BoxId),
    /** For boxes inside this area only. */
    area: Type.Optional(AreaCode),
    settings: RemoteSettings,
  },
  { additionalProperties: false },
);
export type RemoteConfig = Static<typeof RemoteConfig>;
