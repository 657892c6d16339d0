/**
 * What is signed of a part of a clip. The file's text is its own exact form: `JSON.stringify(manifest, null, 2)` and a line end;
 * the signature is over the same text without the member `signature`. So not a single byte of it can change unseen.
 */
import { createHash } from 'node:crypto';
import type { ClipGap, ClipPart, ClipWanted } from '@shouwang/protocol';
import type { FinishedFile } from '../recorder/clip-file.ts';
import type { ClipSegment, Coding } from '../recorder/clip-writer.ts';
import type { EvidenceKey } from './key.ts';

export const MANIFEST_FORMAT = 'cn.shouwang.evidence.v1';
const INTEGRITY =
  '自本节点收到画面起未被改动；收到之前的真实性不在证明之内。 Unchanged since this node received it; nothing is proved about the time before.';
/** 90 kHz ticks a ms. */
const TICKS_A_MS = 90;

export interface ManifestFacts {
  node: string;
  want: ClipWanted['data'];
  camera: { name: string; place: string };
  part: { n: number; stage: ClipPart['stage']; coding: Coding; segments: readonly ClipSegment[] };
  /** Of the whole clip, as far as it is known. */
  gaps: readonly ClipGap[];
  file: FinishedFile;
  /** ms since 1970. */
  madeAt: number;
}

/** The manifest's whole text. */
export function signManifest(facts: ManifestFacts, key: EvidenceKey): string {
  const body = bodyOf(facts, key);
  const signature = key.sign(exactText(body));
  return exactText({ ...body, signature });
}

function exactText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function bodyOf({ node, want, camera, part, gaps, file, madeAt }: ManifestFacts, key: EvidenceKey) {
  const { segments } = part;
  const iso = (ms: number) => new Date(ms).toISOString();
  const range = (r: { from: number; to: number }) => ({ from: iso(r.from), to: iso(r.to) });
  let offset = file.header.bytes;
  return {
    format: MANIFEST_FORMAT,
    alg: 'Ed25519',
    kid: key.kid,
    publicKey: key.publicKey,
    integrity: INTEGRITY,
    node,
    caseNo: want.caseNo,
    clipId: want.clipId,
    part: part.n,
    stage: part.stage,
    camera: { id: want.cameraId, name: camera.name, place: camera.place },
    asked: range(want),
    // By the node's clock, when the pictures arrived; then by the camera's, when they were taken.
    received: range(spanOf(segments)),
    taken: range({ from: Math.min(...segments.map((s) => s.pictureFrom)), to: Math.max(...segments.map((s) => s.pictureTo)) }),
    gaps: gaps.map(range),
    codec: part.coding.codec,
    frames: segments.reduce((sum, s) => sum + s.frames, 0),
    durationMs: durationMs(segments),
    madeAt: iso(madeAt),
    file: { bytes: file.bytes, sha256: file.sha256 },
    header: file.header,
    segments: segments.map((s) => {
      const row = { offset, bytes: s.bytes, sha256: s.sha256, frames: s.frames, durationMs: durationMs([s]), ...range(s) };
      offset += s.bytes;
      return row;
    }),
  };
}

export function spanOf(segments: readonly ClipSegment[]): { from: number; to: number } {
  return { from: Math.min(...segments.map((s) => s.from)), to: Math.max(...segments.map((s) => s.to)) };
}

export function durationMs(segments: readonly ClipSegment[]): number {
  return Math.round(segments.reduce((sum, s) => sum + s.ticks, 0) / TICKS_A_MS);
}

/** What the centre is told of a finished part; `text` is its manifest's. */
export function partOf(
  { n, stage, coding, segments }: ManifestFacts['part'],
  file: FinishedFile,
  text: string,
  { kid }: EvidenceKey,
): ClipPart {
  return {
    n,
    stage,
    ...spanOf(segments),
    frames: segments.reduce((sum, s) => sum + s.frames, 0),
    bytes: file.bytes,
    durationMs: durationMs(segments),
    codec: coding.codec,
    fileSha256: file.sha256,
    manifestSha256: createHash('sha256').update(text).digest('hex'),
    kid,
  };
}
