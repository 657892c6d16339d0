/**
 * The finished file of a clip: everything that a player needs to know stands in front (`moov` with the whole duration, an index
 * of all fragments), then the fragments as they were recorded, from decode time 0.
 */
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { VideoTrack } from '../ingest/access-unit.ts';
import { writeDurably } from '../lib/durable.ts';
import { box, fullBox, u16, u32, u64 } from '../viewers/hls/fmp4/box.ts';
import { initSegment, TIMESCALE, TRACK_ID } from '../viewers/hls/fmp4/init.ts';
import type { ClipSegment, Coding } from './clip-writer.ts';

export interface FinishedFile {
  bytes: number;
  /** SHA-256, hex, of all of it and of what stands before the first fragment. */
  sha256: string;
  header: { bytes: number; sha256: string };
}

/** Starts with a sync sample of type 1 or 2 (ISO/IEC 14496-12, 8.16.3). */
const STARTS_WITH_SAP = 0x90000000;
const COPY_BYTES = 1024 * 1024;

/** Copies the first `segments` of `fragments` behind their header to `path`. Throws what the file system throws. */
export async function finishFile(path: string, fragments: string, coding: Coding, segments: readonly ClipSegment[]): Promise<FinishedFile> {
  const header = headerOf(coding, segments);
  const whole = createHash('sha256').update(header);
  let bytes = header.length;
  await writeDurably(path, async (file) => {
    await file.writeFile(header);
    const source = await open(fragments, 'r');
    try {
      const end = segments.reduce((sum, s) => sum + s.bytes, 0);
      for (let at = 0; at < end; ) {
        const { bytesRead, buffer } = await source.read(Buffer.allocUnsafe(Math.min(COPY_BYTES, end - at)), 0, undefined, at);
        if (bytesRead === 0) throw new Error('the fragments end early');
        const piece = buffer.subarray(0, bytesRead);
        whole.update(piece);
        await file.writeFile(piece);
        at += bytesRead;
      }
      bytes += end;
    } finally {
      await source.close();
    }
  });
  return { bytes, sha256: hex(whole), header: { bytes: header.length, sha256: hex(createHash('sha256').update(header)) } };
}

function hex(hash: Hash): string {
  return hash.digest('hex');
}

function headerOf(coding: Coding, segments: readonly ClipSegment[]): Buffer {
  const ticks = segments.reduce((sum, s) => sum + s.ticks, 0);
  const init = initSegment({ ...coding, run: 0 } as VideoTrack);
  return Buffer.concat([withDuration(init, ticks), segmentIndex(segments)]);
}

/** Puts `mehd` (8.8.2) in front of `mvex`'s other boxes: the file's whole duration, for players that do not add fragments up. */
function withDuration(init: Buffer, ticks: number): Buffer {
  const parts: Buffer[] = [];
  for (const top of boxesOf(init)) {
    if (top.type !== 'moov') {
      parts.push(top.whole);
      continue;
    }
    const inner = boxesOf(top.content).map((b) =>
      b.type === 'mvex' ? box('mvex', fullBox('mehd', 1, 0, u64(ticks)), b.content) : b.whole,
    );
    parts.push(box('moov', inner));
  }
  return Buffer.concat(parts);
}

/** `sidx` (8.16.3): where each fragment is, so that players can seek. */
function segmentIndex(segments: readonly ClipSegment[]): Buffer {
  const rows = segments.map((s) => u32(s.bytes, s.ticks, s.key ? STARTS_WITH_SAP : 0));
  return fullBox('sidx', 1, 0, u32(TRACK_ID, TIMESCALE), u64(0), u64(0), u16(0, segments.length), ...rows);
}

function boxesOf(bytes: Buffer): { type: string; content: Buffer; whole: Buffer }[] {
  const found: { type: string; content: Buffer; whole: Buffer }[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    const whole = bytes.subarray(at, at + size);
    found.push({ type: whole.toString('latin1', 4, 8), content: whole.subarray(8), whole });
    at += size;
  }
  return found;
}
