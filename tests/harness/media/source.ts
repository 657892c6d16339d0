/** Cameras to measure with: the farm in a process of its own, so that what it uses is nobody else's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Service } from '../service.ts';

export interface Source {
  /** RTSP addresses, one a camera. */
  urls: string[];
  stops(): Promise<void>;
}

/** Cameras that all send one loop. `udpPorts[i]`: where camera i goes by plain RTP as well. */
export function startFarm(cameras: number, udpPorts: readonly number[] = []): Promise<Source> {
  const names = Array.from({ length: cameras }, (_, i) => `cam-${i + 1}`);
  return start('farm-main.ts', ['--cameras', String(cameras), '--udp', udpPorts.join(',')], names);
}

/** A live camera whose picture shows the time in bits. */
export function startClockCamera(udpPort?: number): Promise<Source> {
  return start('clock-camera-main.ts', udpPort === undefined ? [] : ['--udp', String(udpPort)], ['clock']);
}

async function start(main: string, args: string[], names: string[]): Promise<Source> {
  const dir = mkdtempSync(join(tmpdir(), 'shouwang-cameras-'));
  const service = new Service({
    name: main,
    main: `tests/harness/media/${main}`,
    args,
    env: {},
    cwd: dir,
    logFile: join(dir, 'cameras.log'),
  });
  // The first time the farm's pictures are encoded.
  const { port } = await service.start(600_000);
  return {
    urls: names.map((name) => `rtsp://127.0.0.1:${port}/${name}`),
    stops: async () => {
      await service.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
