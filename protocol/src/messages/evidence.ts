/** Clips of cases, and faults of cameras, between the centre and its media nodes. Whole states: the newest one counts. */
import { type Static, Type } from '@sinclair/typebox';
import { cloudEvent } from '../envelope.ts';
import { CameraId, CaseNo, EpochMs, shortText, Uuid7 } from '../ids.ts';
import { MAX_CAMERAS_A_NODE } from './media.ts';

const strict = { additionalProperties: false } as const;
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hex' });
const Count = Type.Integer({ minimum: 0 });

/** `down/clip`: what the centre wants of a clip. Said again until the node's state agrees; the same id never means another camera or range. */
export const ClipWanted = cloudEvent(
  'cn.shouwang.media.clip.wanted.v1',
  Type.Object(
    {
      clipId: Uuid7,
      caseNo: CaseNo,
      cameraId: CameraId,
      /** The range that is asked for, by the centre's clock. */
      from: EpochMs,
      to: EpochMs,
      wanted: Type.Union([Type.Literal('kept'), Type.Literal('deleted')]),
      /** A hold stands on the case until then: where the disk gets full, others go first. */
      heldUntil: Type.Optional(EpochMs),
    },
    strict,
  ),
);
export type ClipWanted = Static<typeof ClipWanted>;

/** One file of a clip. A new one begins where the coding changes, and after a restart of the node. */
export const ClipPart = Type.Object(
  {
    n: Type.Integer({ minimum: 1, maximum: 20 }),
    /** `pre`: what was there at the press, until the whole is finished. */
    stage: Type.Union([Type.Literal('pre'), Type.Literal('whole')]),
    /** When its first and last picture arrived at the node. */
    from: EpochMs,
    to: EpochMs,
    frames: Count,
    bytes: Count,
    /** As a player counts it: gaps take no time in the file. */
    durationMs: Count,
    codec: Type.Union([Type.Literal('h264'), Type.Literal('h265')]),
    fileSha256: Sha256,
    manifestSha256: Sha256,
    /** Key with which the manifest is signed. */
    kid: Sha256,
  },
  strict,
);
export type ClipPart = Static<typeof ClipPart>;

/** Time that was asked for, or passed between two pictures, of which there is nothing. */
export const ClipGap = Type.Object({ from: EpochMs, to: EpochMs }, strict);
export type ClipGap = Static<typeof ClipGap>;

export const CLIP_STATES = ['recording', 'partial', 'complete', 'failed', 'deleted'] as const;
export type ClipState = (typeof CLIP_STATES)[number];

/** `up/clip`: how a clip is at its node. `partial`: the time before the press can be seen, the rest is being recorded. */
export const ClipReported = cloudEvent(
  'cn.shouwang.media.clip.v1',
  Type.Object(
    {
      clipId: Uuid7,
      caseNo: CaseNo,
      cameraId: CameraId,
      /** Grows with every change at the node. */
      revision: Type.Integer({ minimum: 1 }),
      state: Type.Union(CLIP_STATES.map((s) => Type.Literal(s))),
      parts: Type.Array(ClipPart, { maxItems: 20 }),
      gaps: Type.Array(ClipGap, { maxItems: 100 }),
      /** Why it failed: a code of the error table. */
      code: Type.Optional(Type.String({ maxLength: 60 })),
      /** Why it was deleted. */
      why: Type.Optional(Type.Union([Type.Literal('retention'), Type.Literal('disk-budget')])),
      /** The camera had masks when it was recorded: what is shown of it has them, too. */
      masked: Type.Optional(Type.Boolean()),
      at: EpochMs,
    },
    strict,
  ),
);
export type ClipReported = Static<typeof ClipReported>;

/** `up/key`: the public key with which the node signs manifests (SPKI, DER in base64); `kid` is its SHA-256. */
export const EvidenceKeyTold = cloudEvent(
  'cn.shouwang.media.key.v1',
  Type.Object({ kid: Sha256, alg: Type.Literal('Ed25519'), publicKey: Type.String({ pattern: '^[A-Za-z0-9+/]{40,200}={0,2}$' }) }, strict),
);
export type EvidenceKeyTold = Static<typeof EvidenceKeyTold>;

/** `silent`: connected, and nothing comes. `refused`: it answers, and says no. */
export const CAMERA_FAULTS = ['unreachable', 'refused', 'silent', 'black', 'frozen'] as const;
export type CameraFaultKind = (typeof CAMERA_FAULTS)[number];

/** Of a camera, or of the node. */
export const MEDIA_FAULTS = [...CAMERA_FAULTS, 'disk-nearly-full', 'disk-full', 'no-ffmpeg'] as const;
export type MediaFaultKind = (typeof MEDIA_FAULTS)[number];

/** `up/faults`: everything that is wrong at the node now, and which cameras give pictures now; what is no longer in it is over. */
export const MediaFaultsTold = cloudEvent(
  'cn.shouwang.media.faults.v1',
  Type.Object(
    {
      faults: Type.Array(
        Type.Object(
          {
            /** Absent: the node itself. */
            cameraId: Type.Optional(CameraId),
            fault: Type.Union(MEDIA_FAULTS.map((f) => Type.Literal(f))),
            since: EpochMs,
            detail: Type.Optional(shortText(200)),
          },
          strict,
        ),
        { maxItems: 300 },
      ),
      /** How many more there are than were told. */
      more: Type.Optional(Count),
      /** Cameras that are pulled, and whose pictures come. Of others it is not known until somebody looks. */
      live: Type.Optional(Type.Array(CameraId, { maxItems: MAX_CAMERAS_A_NODE })),
    },
    strict,
  ),
);
export type MediaFaultsTold = Static<typeof MediaFaultsTold>;
