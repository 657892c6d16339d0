import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { pictures } from '../../testing/h264-video.ts';
import { encodeJpeg } from './encode-jpeg.ts';

vi.mock('node:child_process', () => ({
  // What `spawn` gives where there are no file descriptors left: no pipes, and an error a moment later.
  spawn: () => {
    const child = new EventEmitter();
    process.nextTick(() => child.emit('error', new Error('spawn EMFILE')));
    return child;
  },
}));

test('without file descriptors a still is refused, and the process lives', async () => {
  const [key] = pictures('I');
  await expect(encodeJpeg(key!, { ffmpeg: 'ffmpeg', maxWidth: 100, clock: systemClock })).rejects.toBeDefined();
  // An error that nobody hears would be thrown here.
  await new Promise((resolve) => setImmediate(resolve));
});
