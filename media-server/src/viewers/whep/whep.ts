/** Hop Ⓒ by WebRTC. */
import { CodedError } from '@shouwang/protocol';
import type { MediaConfig } from '../../config.ts';
import type { Hubs } from '../../hub/hubs.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';

export interface WhepOptions {
  config: MediaConfig['webrtc'];
  hubs: Hubs;
  clock: Clock;
  log: Log;
  env: Record<string, string | undefined>;
}

export class Whep {
  constructor(_options: WhepOptions) {}
  viewers = 0;
  mbit = 0;
  workerState = 'not built yet';
  async start(): Promise<{ udp: string[]; tcp: string[] } | null> {
    return null;
  }
  async open(_cameraId: string, _viewId: string, _offer: string): Promise<{ id: string; answer: string }> {
    throw new CodedError('WHEP_REFUSED');
  }
  end(_id: string, _viewId: string): void {}
  leave(_viewId: string): void {}
  async close(): Promise<void> {}
}
