/** How clips are coded anew by ffmpeg: for exports, and for copies with masks. */
import { constants, setPriority } from 'node:os';

/** Of the recorder's files. */
const TICKS_A_SECOND = 90_000;

/** To an MP4: each picture once and at its time, as recorded pictures do not come at the one rate that ffmpeg would force upon them. */
export function recodeArguments(output: string): string[] {
  const timing = ['-fps_mode', 'passthrough', '-enc_time_base', `1:${TICKS_A_SECOND}`, '-video_track_timescale', String(TICKS_A_SECOND)];
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-threads', '1', '-c:a', 'aac'];
  return [...timing, ...coding, '-movflags', '+faststart', '-f', 'mp4', output];
}

/** Live pictures go first. */
export function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already.
  }
}
