/** HTTP of the centre about clips of cases, holds on them, the keys that sign them, and faults of cameras. */
import { type Static, Type } from '@sinclair/typebox';
import { EpochMs, shortText } from './ids.ts';
import type { ClipGap, ClipPart, ClipState, MediaFaultKind } from './messages/evidence.ts';
import { Unmask } from './unmasking.ts';

export const evidencePaths = {
  /** GET → `CaseClips`. */
  clips: (caseNo: string) => `/api/v1/cases/${caseNo}/clips`,
  /** POST `ClipRequest` → `Grant` for this clip alone, whose `cameraId` is the clip's id. The look-up is on the record first. */
  openClip: (caseNo: string, clipId: string) => `/api/v1/cases/${caseNo}/clips/${clipId}/open`,
  /** POST `HoldRequest` → `CaseHold`. Admins and auditors. */
  holds: (caseNo: string) => `/api/v1/cases/${caseNo}/holds`,
  /** POST, no body: ends a hold before its time. */
  endHold: (caseNo: string, holdId: string) => `/api/v1/cases/${caseNo}/holds/${holdId}/end`,
  /** GET → `{ keys: EvidenceKey[] }`: the public keys of all nodes. */
  keys: '/api/v1/evidence-keys',
  /** GET → `{ faults: MediaFault[] }`. */
  mediaFaults: '/api/v1/media/faults',
} as const;

/** `asked`: its node has not answered yet. */
export type CaseClipState = ClipState | 'asked';

export interface CaseClip {
  clipId: string;
  cameraId: string;
  cameraName: string;
  /** The range that was asked for. */
  from: number;
  to: number;
  state: CaseClipState;
  parts: ClipPart[];
  gaps: ClipGap[];
  code?: string | undefined;
  askedAt: number;
  /** Deleted then, unless a hold stands. */
  keepUntil: number;
  deletedAt?: number | undefined;
  /** Whether its node is connected. */
  online: boolean;
  /** What is shown of it is masked. */
  masked?: boolean | undefined;
}

export interface CaseHold {
  holdId: string;
  /** The user who placed it. */
  by: string;
  reason: string;
  at: number;
  until: number;
  endedAt?: number | undefined;
}

export interface CaseClips {
  clips: CaseClip[];
  holds: CaseHold[];
}

/**
 * `play` and `export` (viewer's mark and time burned in): operators. `original` (with the manifest): operators and auditors. Of a masked
 * camera's clip the first two are masked, unless `unmask` says why not, and there is no `original` without: see `UNMASK_ROLES`.
 */
export const CLIP_PURPOSES = ['play', 'export', 'original'] as const;
export type ClipPurpose = (typeof CLIP_PURPOSES)[number];
export const ClipRequest = Type.Object(
  { what: Type.Union(CLIP_PURPOSES.map((p) => Type.Literal(p))), unmask: Type.Optional(Unmask) },
  { additionalProperties: false },
);
export type ClipRequest = Static<typeof ClipRequest>;

/** `why` of a grant for a clip. */
export const clipGrantReason = (clipId: string, purpose: ClipPurpose): string => `clip:${clipId}:${purpose}`;

export const HoldRequest = Type.Object({ reason: shortText(200, 2), until: EpochMs }, { additionalProperties: false });
export type HoldRequest = Static<typeof HoldRequest>;

export interface EvidenceKey {
  kid: string;
  node: string;
  alg: 'Ed25519';
  /** SPKI, DER in base64. */
  publicKey: string;
  firstSeenAt: number;
}

export interface MediaFault {
  node: string;
  cameraId?: string | undefined;
  cameraName?: string | undefined;
  fault: MediaFaultKind | 'node-offline';
  since: number;
  detail?: string | undefined;
}

/** Of the media node: how a clip's export gets on. `GET` and `POST` of `mediaPaths.clipExport`. */
export interface ClipExport {
  state: 'running' | 'ready' | 'failed';
  /** 0 to 100. */
  percent: number;
  code?: string | undefined;
}
