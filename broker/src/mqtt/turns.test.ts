import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

/** A connection that keeps in how many pieces things left it. */
function connection() {
  const pieces: string[] = [];
  const socket = new Writable({
    write: (chunk, _encoding, done) => {
      pieces.push(String(chunk));
      done();
    },
    writev: (chunks, done) => {
      pieces.push(chunks.map((c) => String(c.chunk)).join(''));
      done();
    },
  });
  return { socket, pieces };
}

/** As aedes hands over: asked for in this turn, written in its immediate. */
function handsOver(turns: Turns, socket: Writable, text: string): void {
  turns.writes(socket);
  setImmediate(() => socket.write(text));
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it('what is written to a connection in one turn leaves in one piece, each connection’s own', async () => {
  const turns = new Turns();
  const [a, b] = [connection(), connection()];
  handsOver(turns, a.socket, '1');
  handsOver(turns, b.socket, '2');
  handsOver(turns, a.socket, '3');
  a.socket.write('0');
  await nextTurn();
  await nextTurn();
  expect([a.pieces, b.pieces]).toEqual([['013'], ['2']]);
});

it('what a later event of the same turn writes leaves in one piece too, and nothing waits for another turn', async () => {
  const turns = new Turns();
  const { socket, pieces } = connection();
  handsOver(turns, socket, '1');
  await new Promise<void>((resolve) =>
    process.nextTick(() => {
      handsOver(turns, socket, '2');
      handsOver(turns, socket, '3');
      resolve();
    }),
  );
  await nextTurn();
  await nextTurn();
  expect(pieces).toEqual(['123']);
  handsOver(turns, socket, '4');
  await nextTurn();
  await nextTurn();
  expect(pieces).toEqual(['123', '4']);
});

it('a connection that is destroyed meanwhile disturbs nobody', async () => {
  const turns = new Turns();
  const [a, b] = [connection(), connection()];
  handsOver(turns, b.socket, '1');
  turns.writes(a.socket);
  a.socket.destroy();
  await nextTurn();
  await nextTurn();
  expect([a.pieces, b.pieces]).toEqual([[], ['1']]);
});
