import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dropped, edge, type Happening, inputEvents } from '../../../simulator/remote.ts';
import type { AlarmKey, KeyAction } from '../../platform.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { canSend } from './capabilities.ts';
import { createDeviceKeys } from './device-keys.ts';
import { createEventParser, nativeEventBytes } from './events.ts';
import { createHeldKeys, SAME_PRESS_MS } from './held-keys.ts';

const RED = 398;
const HELP = 138;
const SOS = 639;
const MAP = new Map<number, AlarmKey>([
  [RED, 'alarm'],
  [HELP, 'alarm'],
  [SOS, 'sos'],
]);

function hear(happenings: Happening[]): string[] {
  const heard: string[] = [];
  createDeviceKeys(24, MAP, (key, action, code) => heard.push(`${key} ${action} ${code}`)).take(inputEvents(happenings));
  return heard;
}

describe('input events', () => {
  it.each([24, 16] as const)('of %i bytes are read whole, wherever the stream is cut', (size) => {
    const stream = inputEvents([...edge(0, RED, 1), ...edge(1, RED, 0), [2, 3, 1, -7]], size);
    const expected = createEventParser(size)(stream);
    expect(expected.map((e) => [e.type, e.code, e.value])).toEqual([
      [1, RED, 1],
      [0, 0, 0],
      [1, RED, 0],
      [0, 0, 0],
      [3, 1, -7],
    ]);
    for (let step = 1; step <= size + 1; step++) {
      const parse = createEventParser(size);
      const got = [];
      for (let at = 0; at < stream.length; at += step) got.push(...parse(stream.subarray(at, at + step)));
      expect(got).toEqual(expected);
    }
  });

  it('have the size of this userland', () => {
    expect([nativeEventBytes('x64'), nativeEventBytes('arm64'), nativeEventBytes('arm')]).toEqual([24, 24, 16]);
  });
});

describe('the keys of one device', () => {
  it('a repeat of a key that nobody saw going down is a press that began before the reader', () => {
    expect(hear([...edge(0, RED, 2), ...edge(1, RED, 2), ...edge(2, RED, 0)])).toEqual([`alarm down ${RED}`, `alarm up ${RED}`]);
  });

  it('an up that nobody saw going down is nothing', () => {
    expect(hear(edge(0, RED, 0))).toEqual([]);
  });

  it('a down after a down is passed on: its up was missed', () => {
    expect(hear([...edge(0, RED, 1), ...edge(1, RED, 1)])).toEqual([`alarm down ${RED}`, `alarm down ${RED}`]);
  });

  it('when the kernel dropped events, keys count as let go, and what is left of the packet is void', () => {
    const heard = hear([...edge(0, RED, 1), ...dropped(1), ...edge(1, SOS, 1), ...edge(2, HELP, 1)]);
    expect(heard).toEqual([`alarm down ${RED}`, `alarm up ${RED}`, `alarm down ${HELP}`]);
  });

  it('a key held across dropped events is down again with its next repeat', () => {
    const heard = hear([...edge(0, RED, 1), ...dropped(1), [1, 0, 0, 0], ...edge(2, RED, 2)]);
    expect(heard).toEqual([`alarm down ${RED}`, `alarm up ${RED}`, `alarm down ${RED}`]);
  });
});

describe('the same key of several sources', () => {
  function held() {
    const clock = new FakeClock();
    const heard: string[] = [];
    const edgeOf = createHeldKeys(clock, (key: AlarmKey, action: KeyAction) => heard.push(`${key} ${action}`));
    return { clock, heard, edgeOf };
  }

  it('reported twice within a moment is one press, let go with the last', () => {
    const { heard, edgeOf, clock } = held();
    edgeOf('a', 'alarm', 'down');
    clock.passes(SAME_PRESS_MS);
    edgeOf('b', 'alarm', 'down');
    edgeOf('a', 'alarm', 'up');
    expect(heard).toEqual(['alarm down']);
    edgeOf('b', 'alarm', 'up');
    expect(heard).toEqual(['alarm down', 'alarm up']);
  });

  it('a source that is stuck does not swallow the press of another', () => {
    const { heard, edgeOf, clock } = held();
    edgeOf('stuck', 'sos', 'down');
    clock.passes(60_000);
    edgeOf('b', 'sos', 'down');
    expect(heard).toEqual(['sos down', 'sos down']);
  });
});

describe('by the kernel’s bitmap', () => {
  const bitmap = (codes: number[], wordBits: number) => {
    const words = Array.from({ length: Math.ceil(768 / wordBits) }, () => 0n);
    for (const code of codes) words[Math.floor(code / wordBits)] = words[Math.floor(code / wordBits)]! | (1n << BigInt(code % wordBits));
    return `${words
      .reverse()
      .map((w) => w.toString(16))
      .join(' ')
      .replace(/^(0 )+/, '')}\n`;
  };

  it.each([64, 32] as const)('a power button has no alarm key, a remote has one (words of %i bits)', (bits) => {
    const sys = mkdtempSync(join(tmpdir(), 'sys-'));
    const folder = join(sys, 'null/device/capabilities');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'key'), bitmap([116, 399], bits));
    expect(canSend('/dev/null', MAP.keys(), bits, sys)).toBe(false);
    for (const code of MAP.keys()) {
      writeFileSync(join(folder, 'key'), bitmap([116, code], bits));
      expect(canSend('/dev/null', MAP.keys(), bits, sys)).toBe(true);
    }
    rmSync(sys, { recursive: true });
  });

  it('a device of which nothing is known may have it', () => {
    expect(canSend('/dev/null', [RED], 64, '/nowhere')).toBe(true);
  });
});
