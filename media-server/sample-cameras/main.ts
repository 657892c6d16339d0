/** Six sample cameras over RTSP: `node media-server/sample-cameras/main.ts [--port 8554] [--host 127.0.0.1]`. */
import { parseArgs } from 'node:util';
import { asCoded, CodedError } from '@shouwang/protocol';
import { pino } from 'pino';
import { findFfmpeg } from '../src/viewers/stills/find-ffmpeg.ts';
import { createSampleCameras, type SampleApp } from './app.ts';
import { chineseFont } from './picture/font.ts';

/** sysexits.h: EX_CONFIG, EX_TEMPFAIL, EX_SOFTWARE. */
const EXIT_CONFIG = 78;
const EXIT_PORT = 75;
const EXIT_OTHER = 70;

const log = pino({ name: 'sample-cameras' });

function readArguments(): { host: string; port: number } {
  let values: { host?: string; port?: string };
  try {
    values = parseArgs({ options: { host: { type: 'string' }, port: { type: 'string' } } }).values;
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `command line: ${(error as Error).message}`);
  }
  const port = Number(values.port ?? 8554);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CodedError('CONFIG_INVALID', `--port: expected 0 to 65535, found ${values.port}`);
  return { host: values.host ?? '127.0.0.1', port };
}

function ffmpegOrExplain(): string {
  const ffmpeg = findFfmpeg(process.env);
  if (!ffmpeg)
    throw new CodedError('CONFIG_INVALID', 'sample cameras: no ffmpeg found; type `apt-get install ffmpeg`, or name one in FFMPEG_BIN');
  return ffmpeg;
}

function closeOnEveryPath(app: SampleApp): void {
  let closing = false;
  const stop = (why: string) => {
    if (closing) return;
    closing = true;
    log.info({ why }, 'closing');
    app.close().then(
      () => process.exit(0),
      () => process.exit(EXIT_OTHER),
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGHUP', () => stop('SIGHUP'));
  // The parent died, or let go.
  if (process.send) process.on('disconnect', () => stop('parent gone'));
}

try {
  const app = createSampleCameras({ ...readArguments(), log, ffmpeg: ffmpegOrExplain() });
  closeOnEveryPath(app);
  const addresses = await app.start();
  if (!chineseFont()) log.warn('no Chinese font: pictures carry the clock but no names; type `apt-get install fonts-noto-cjk`');
  log.info(addresses, 'ready');
  process.send?.({ ready: true, ...addresses });
} catch (error) {
  const coded = asCoded(error);
  process.stderr.write(`${coded.code === 'INTERNAL' ? String((coded.cause as Error)?.stack ?? coded) : coded.message}\n`);
  process.exit(coded.code === 'CONFIG_INVALID' ? EXIT_CONFIG : coded.code === 'PORT_BUSY' ? EXIT_PORT : EXIT_OTHER);
}
