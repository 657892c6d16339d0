import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { StreamReceiver } from './stream-receiver.ts';

let events: string[];
let receiver: StreamReceiver;
let sequence: number;

beforeEach(() => {
  events = [];
  sequence = 0;
  receiver = new StreamReceiver({
    payloadType: 96,
    clockRate: 90_000,
    clock: new ManualClock(),
    udp: false,
    events: {
      onPacket: (p) => events.push(`${p.sequence} of ${p.ssrc}: ${p.payload.length}`),
      onGarbage: () => events.push('garbage'),
      onRestart: () => events.push('restart'),
      onReport: () => {},
      onGoodbye: () => {},
    },
  });
});

function comes(ssrc: number, payloadType = 96): void {
  const packet = Buffer.alloc(15);
  packet.set([0x80, payloadType]);
  packet.writeUInt16BE(sequence++, 2);
  packet.writeUInt32BE(ssrc, 8);
  receiver.rtp(packet);
}

test('a source that comes twice in a row has taken the place of the one before', () => {
  for (const ssrc of [1, 2, 2, 2]) comes(ssrc);
  expect(events).toEqual(['0 of 1: 3', 'garbage', 'restart', '2 of 2: 3', '3 of 2: 3']);
});

test('packets of another source between those of the first one change nothing', () => {
  for (const ssrc of [1, 2, 1, 2, 1]) comes(ssrc);
  expect(events).toEqual(['0 of 1: 3', 'garbage', '2 of 1: 3', 'garbage', '4 of 1: 3']);
});

test('of another payload type only the number counts, and only of the same source', () => {
  comes(1);
  comes(1, 13);
  comes(2, 13);
  comes(1);
  expect(events).toEqual(['0 of 1: 3', '1 of 1: 0', '3 of 1: 3']);
});
