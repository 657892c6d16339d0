/** How ffmpeg is called for a transcode. */
import type { TranscodeProfile } from './profiles.ts';

/** From one key frame to the next: as long as a viewer may have to wait, s. */
const KEY_EVERY_S = 2;

/** fMP4 on standard input → FLV on standard output, a picture in, a picture out. */
export function transcodeArguments(profile: TranscodeProfile): string[] {
  const input = ['-hide_banner', '-loglevel', 'error', '-fflags', 'nobuffer', '-flags', 'low_delay', '-threads', '1'];
  input.push('-probesize', '32', '-analyzeduration', '0', '-f', 'mp4', '-i', 'pipe:0', '-an', '-copyts');
  return [...input, ...codingArguments(profile), '-flush_packets', '1', '-f', 'flv', 'pipe:1'];
}

/** Pictures of any coding → H.264 of the profile. */
export function codingArguments({ maxHeight, frameRate, kbit, level, filters = [] }: TranscodeProfile): string[] {
  const chain = [...filters, ...(frameRate === undefined ? [] : [`fps=${frameRate}`]), `scale=-2:'min(${maxHeight},ih)'`, 'format=yuv420p'];
  const coding = ['-vf', chain.join(','), '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline'];
  coding.push('-level', level, '-threads', '1', '-sc_threshold', '0', '-force_key_frames', `expr:gte(t,n_forced*${KEY_EVERY_S})`);
  coding.push('-b:v', `${kbit}k`, '-maxrate', `${kbit}k`, '-bufsize', `${kbit}k`);
  return ['-fps_mode', 'passthrough', ...coding];
}
