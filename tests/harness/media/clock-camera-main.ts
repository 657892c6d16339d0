/** One live camera whose picture shows the time in bits, over RTSP as `/clock`, and with `--udp PORT` by plain RTP too. Ends with whoever started it. */
import { createSocket } from 'node:dgram';
import { parseArgs } from 'node:util';
import { CameraFeed } from '../../../media-server/sample-cameras/feed/camera-feed.ts';
import { ffmpegEncoder } from '../../../media-server/sample-cameras/feed/encoder.ts';
import { RtspServer } from '../../../media-server/sample-cameras/rtsp/server.ts';
import { CLOCK, ClockPicture } from './clock-picture.ts';

const { width, height, fps } = CLOCK;
const args = [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-fflags', 'nobuffer', '-probesize', '32', '-analyzeduration', '0'],
  ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${width}x${height}`, '-framerate', String(fps), '-i', 'pipe:0', '-an'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline', '-threads', '1'],
  ...[
    '-g',
    String(2 * fps),
    '-keyint_min',
    String(2 * fps),
    '-sc_threshold',
    '0',
    '-b:v',
    '2000k',
    '-maxrate',
    '2000k',
    '-bufsize',
    '400k',
  ],
  ...['-f', 'flv', '-flvflags', 'no_duration_filesize', '-flush_packets', '1', 'pipe:1'],
];
const clock = {
  now: () => Date.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

type Log = ConstructorParameters<typeof CameraFeed>[1]['log'];
const log = { child: () => log, info: () => undefined, error: (...what: unknown[]) => console.error(...what) } as unknown as Log;

const { values } = parseArgs({ options: { udp: { type: 'string' } } });
const picture = new ClockPicture();
const start = ffmpegEncoder(process.env.FFMPEG_BIN || 'ffmpeg', () => picture, clock, { rate: fps, args });
const feed = new CameraFeed('clock', { start, clock, log });
const server = new RtspServer(new Map([['clock', { name: 'clock', feed }]]), clock);
if (values.udp) {
  const udp = createSocket('udp4');
  feed.subscribe(({ packets }) => {
    for (const packet of packets) udp.send(packet, Number(values.udp), '127.0.0.1');
  });
}
const port = await server.listen(0, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true, port });
