import { beforeEach, describe, expect, test } from 'vitest';
import { RtspReader, RtspSyntaxError } from './reader.ts';

interface Seen {
  messages: string[];
  frames: string[];
  garbage: number;
}

let seen: Seen;
let reader: RtspReader;

beforeEach(() => {
  seen = { messages: [], frames: [], garbage: 0 };
  reader = new RtspReader({
    onMessage: (m) => seen.messages.push(`${m.startLine}|${m.headers.get('cseq')?.[0]}|${m.body.toString()}`),
    onFrame: (channel, bytes) => seen.frames.push(`${channel}:${bytes.toString('latin1')}`),
    onGarbage: (bytes) => {
      seen.garbage += bytes;
    },
  });
  reader.channels.add(0);
  reader.channels.add(1);
});

function frame(channel: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([0x24, channel, text.length >> 8, text.length & 255]), Buffer.from(text, 'latin1')]);
}

const RESPONSE = Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 4\r\n\r\n$ody');
const STREAM = Buffer.concat([
  frame(0, 'first'),
  RESPONSE,
  frame(1, '$$$$'),
  frame(0, ''),
  Buffer.from('RTSP/1.0 454 X\r\nCSeq: 4\r\n\r\n'),
  frame(0, 'last'),
]);

function expectAll(): void {
  expect(seen.messages).toEqual(['RTSP/1.0 200 OK|3|$ody', 'RTSP/1.0 454 X|4|']);
  expect(seen.frames).toEqual(['0:first', '1:$$$$', '0:', '0:last']);
  expect(seen.garbage).toBe(0);
}

describe('bytes of a connection', () => {
  test('are understood wherever the network splits them in two', () => {
    for (let at = 1; at < STREAM.length; at++) {
      seen.messages = [];
      seen.frames = [];
      reader.push(STREAM.subarray(0, at));
      reader.push(STREAM.subarray(at));
      expectAll();
    }
  });

  test('are understood one by one', () => {
    for (const byte of STREAM) reader.push(Buffer.from([byte]));
    expectAll();
  });

  test('are not looked at once the call is over: they are read into the same place again', () => {
    for (let at = 1; at < STREAM.length; at++) {
      seen.messages = [];
      seen.frames = [];
      const place = Buffer.alloc(STREAM.length);
      for (const piece of [STREAM.subarray(0, at), STREAM.subarray(at)]) {
        piece.copy(place);
        reader.push(place.subarray(0, piece.length));
        place.fill(0xee);
      }
      expectAll();
    }
  });

  test('keep several header fields of one name apart', () => {
    const fields: string[][] = [];
    const r = new RtspReader({ onMessage: (m) => fields.push(m.headers.get('www-authenticate') ?? []), onFrame() {}, onGarbage() {} });
    r.push(Buffer.from('RTSP/1.0 401 No\r\nWWW-Authenticate: Digest a="b"\r\nWWW-Authenticate: Basic realm="c"\r\n\r\n'));
    expect(fields).toEqual([['Digest a="b"', 'Basic realm="c"']]);
  });

  test('may end lines with a bare line feed', () => {
    reader.push(Buffer.from('RTSP/1.0 200 OK\nCSeq: 9\n\n'));
    expect(seen.messages).toEqual(['RTSP/1.0 200 OK|9|']);
  });
});

describe('garbage', () => {
  test('between frames is skipped and counted, and what follows is read', () => {
    reader.push(Buffer.concat([frame(0, 'a'), Buffer.from([0, 1, 2, 0xff]), frame(0, 'b')]));
    expect(seen.frames).toEqual(['0:a', '0:b']);
    expect(seen.garbage).toBe(4);
  });

  test('that looks like a frame of a channel nobody set up is skipped', () => {
    reader.push(Buffer.concat([frame(7, 'x'), frame(0, 'good')]));
    expect(seen.frames).toEqual(['0:good']);
  });

  test('that begins like a word does not hold up the next message', () => {
    reader.push(Buffer.concat([Buffer.from('HELLO WORLD AND NO END'), RESPONSE]));
    expect(seen.messages).toEqual(['RTSP/1.0 200 OK|3|$ody']);
  });
});

describe('limits', () => {
  test('a header without an end is refused', () => {
    const line = `X: ${'y'.repeat(1000)}\r\n`;
    expect(() => reader.push(Buffer.from(`RTSP/1.0 200 OK\r\n${line.repeat(20)}`))).toThrow(RtspSyntaxError);
  });

  test('a body larger than any description is refused', () => {
    expect(() => reader.push(Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n'))).toThrow(RtspSyntaxError);
  });

  test('a length that is no number is refused', () => {
    expect(() => reader.push(Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n'))).toThrow(RtspSyntaxError);
  });

  test('megabytes of nothing but garbage are refused', () => {
    expect(() => {
      for (let i = 0; i < 100; i++) reader.push(Buffer.alloc(64 * 1024, 0xee));
    }).toThrow(RtspSyntaxError);
  });
});
