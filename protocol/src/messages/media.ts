/** Between the centre and its media nodes. */
import { type Static, Type } from '@sinclair/typebox';
import { cloudEvent } from '../envelope.ts';
import { AreaCode, CameraId, EpochMs, shortText, Uuid7 } from '../ids.ts';

/** WGS 84 degrees. */
export const Position = Type.Object(
  { lat: Type.Number({ minimum: -90, maximum: 90 }), lon: Type.Number({ minimum: -180, maximum: 180 }) },
  { additionalProperties: false },
);
export type Position = Static<typeof Position>;

/** Where a camera is, for whoever looks for one among many: at houses, at a road, at a school, at a public place. */
export const CameraGroup = Type.Union([Type.Literal('home'), Type.Literal('road'), Type.Literal('school'), Type.Literal('square')]);
export type CameraGroup = Static<typeof CameraGroup>;

/** One camera as its media node announces it. `householdsOf`: areas whose households may watch it; empty = operators only. */
export const CatalogueCamera = Type.Object(
  {
    id: CameraId,
    name: shortText(40),
    place: shortText(80),
    area: AreaCode,
    position: Type.Optional(Position),
    householdsOf: Type.Array(AreaCode, { maxItems: 50 }),
    group: Type.Optional(CameraGroup),
    /** Parts of its picture are blackened for everybody who has no grant to see them. */
    masked: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type CatalogueCamera = Static<typeof CatalogueCamera>;

/** `up/hello`: the node started. `epoch` is new at each start: views of an earlier epoch have ended. */
export const MediaHello = cloudEvent(
  'cn.shouwang.media.hello.v1',
  Type.Object({ epoch: Uuid7, publicUrl: Type.String({ pattern: '^https?://', maxLength: 200 }) }, { additionalProperties: false }),
);
export type MediaHello = Static<typeof MediaHello>;

/** Of one node: a county's worth. */
export const MAX_CAMERAS_A_NODE = 5000;

/** `up/cameras`: the node's whole catalogue; cameras no longer in it are withdrawn. */
export const MediaCameras = cloudEvent(
  'cn.shouwang.media.cameras.v1',
  Type.Object({ cameras: Type.Array(CatalogueCamera, { maxItems: MAX_CAMERAS_A_NODE }) }, { additionalProperties: false }),
);
export type MediaCameras = Static<typeof MediaCameras>;

/** `up/view`: a view started, or ended at `at` (the last renewal, where nobody said goodbye). For the ledger. */
export const MediaView = cloudEvent(
  'cn.shouwang.media.view.v1',
  Type.Object(
    {
      epoch: Uuid7,
      /** Made by the node; never the session's secret. */
      viewId: Uuid7,
      phase: Type.Union([Type.Literal('started'), Type.Literal('ended')]),
      grantId: Uuid7,
      cameraId: CameraId,
      at: EpochMs,
      why: Type.Optional(Type.Union([Type.Literal('closed'), Type.Literal('expired'), Type.Literal('revoked'), Type.Literal('stopped')])),
      /** Of an end: bytes of pictures and sound handed out to this view, all ways together. Absent: the node was killed and does not know. */
      bytes: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    { additionalProperties: false },
  ),
);
export type MediaView = Static<typeof MediaView>;

/** What a viewer wanted that was refused. */
export const RefusedRequest = Type.Union([
  Type.Literal('session'),
  Type.Literal('still'),
  Type.Literal('hls'),
  Type.Literal('whep'),
  Type.Literal('other'),
]);
export type RefusedRequest = Static<typeof RefusedRequest>;

/** `up/refusal`: viewers that were refused, equal ones told together. For the ledger; nothing of a token or a session is in it. */
export const MediaRefusal = cloudEvent(
  'cn.shouwang.media.refusal.v1',
  Type.Object(
    {
      code: Type.String({ pattern: '^[A-Z][A-Z_]{2,39}$' }),
      what: RefusedRequest,
      /** The camera that was asked for, where the node has one of that name. */
      cameraId: Type.Optional(CameraId),
      /** Of a grant that the centre did sign, or of the session's: whose it was is on record there. */
      grantId: Type.Optional(Uuid7),
      /** Where from: an IP address; absent in a record that sums up many. */
      address: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      /** What an engineer has to know besides the code. */
      detail: Type.Optional(shortText(120)),
      count: Type.Integer({ minimum: 1 }),
      firstAt: EpochMs,
      lastAt: EpochMs,
    },
    { additionalProperties: false },
  ),
);
export type MediaRefusal = Static<typeof MediaRefusal>;

/**
 * `down/revoke`: end every session of this grant now; or of this viewer or camera, where its grant was made no later than the message's `time`,
 * which is when the centre revoked first: to a node that was away it says so again.
 */
export const MediaRevoke = cloudEvent(
  'cn.shouwang.media.revoke.v1',
  Type.Object(
    { grantId: Type.Optional(Uuid7), cameraId: Type.Optional(CameraId), viewer: Type.Optional(Type.String({ maxLength: 80 })) },
    { additionalProperties: false },
  ),
);
export type MediaRevoke = Static<typeof MediaRevoke>;

/** The longest that a grant may be good for, s. A node remembers for as long that it was used, so that none is used twice. */
export const MAX_GRANT_S = 300;

/** Claims of a grant token: a JWS (RFC 7515) signed by the centre with EdDSA; `jti` is used once. */
export const GrantClaims = Type.Object(
  {
    iss: Type.Literal('shouwang-centre'),
    aud: Type.Literal('shouwang-media'),
    /** `box:ID` or `operator:NAME`. */
    sub: Type.String({ minLength: 3, maxLength: 80 }),
    cam: CameraId,
    /** Why: `wall`, `watch`, `case:NUMBER`, `round`, `unmask:REASON`. */
    why: Type.String({ minLength: 1, maxLength: 80 }),
    /** Without the camera's masks. Never of a box. */
    unmasked: Type.Optional(Type.Literal(true)),
    jti: Uuid7,
    iat: Type.Integer(),
    exp: Type.Integer(),
  },
  { additionalProperties: false, $id: 'cn.shouwang.grant.claims.v1' },
);
export type GrantClaims = Static<typeof GrantClaims>;
