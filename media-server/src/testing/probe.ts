/** What ffprobe, which shares no code with us, makes of bytes. Throws where it complains. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ProbedStream {
  codec_name: string;
  codec_tag_string: string;
  profile: string;
  nb_read_frames: string;
  width: number;
  height: number;
  sample_rate: string;
  channels: number;
}

export interface ProbedPacket {
  stream_index: number;
  pts: number;
  dts: number;
  flags: string;
}

export function probe(bytes: Buffer): { streams: ProbedStream[]; packets: ProbedPacket[] } {
  const dir = mkdtempSync(join(tmpdir(), 'shouwang-probe-'));
  try {
    const file = join(dir, 'out');
    writeFileSync(file, bytes);
    const run = (...args: string[]) =>
      JSON.parse(execFileSync('ffprobe', ['-v', 'error', ...args, '-of', 'json', file], { encoding: 'utf8' }));
    const decoded = spawnSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-'], { encoding: 'utf8' });
    if (decoded.stderr !== '') throw new Error(decoded.stderr);
    return {
      streams: run('-count_frames', '-show_streams').streams,
      packets: run('-show_entries', 'packet=stream_index,pts,dts,flags').packets,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
