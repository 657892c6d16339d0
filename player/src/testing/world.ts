/** A node with one camera, a session at it, and a box that watches. */
import type { Grant } from '@shouwang/protocol';
import { createPlayer, type PlayerOptions, type PlayerStatus } from '../player.ts';
import { openSession } from '../session.ts';
import { answer, FakeHls, FakeNode, FakePeer, FakeTimers, FakeVideo } from './fakes.ts';

export const grant: Grant = { cameraId: 'gate', token: 'a-grant-token-of-the-centre', mediaUrl: 'http://media.test/', expiresAt: 0 };

export function makeNode(): FakeNode {
  const node = new FakeNode();
  node.answers = {
    'POST /v1/sessions': () => answer(201, { session: 'secret', cameraId: 'gate', expiresAt: 1, renewEveryS: 20 }),
    'POST /v1/sessions/current/renew': () => answer(200, { expiresAt: 2 }),
    'DELETE /v1/sessions/current': () => answer(204, ''),
    'POST /v1/cameras/gate/whep': () => answer(201, 'v=0 answer', { location: '/v1/whep/77' }),
    'GET /v1/cameras/gate/state': () => answer(200, { phase: 'live', webrtcPaths: 1 }),
    'DELETE /v1/whep/77': () => answer(204, ''),
  };
  return node;
}

export async function makeWorld(options: Partial<PlayerOptions> = {}, prepare: (node: FakeNode) => void = () => undefined) {
  const node = makeNode();
  prepare(node);
  const timers = new FakeTimers();
  const video = new FakeVideo();
  const told: PlayerStatus[] = [];
  const session = await openSession(grant, { http: node.http, timers });
  const player = createPlayer({
    video: video.element,
    session,
    onState: (status) => told.push(status),
    ...options,
    deps: { timers, PeerConnection: FakePeer.maker, loadHls: FakeHls.load, ...options.deps },
  });
  await timers.pass(0);
  return {
    node,
    timers,
    video,
    session,
    player,
    told,
    /** Frames at 5 a second for `ms`. */
    async plays(ms: number) {
      for (let t = 0; t < ms; t += 200) {
        await timers.pass(200);
        video.presents();
      }
    },
    states: () => told.map((s) => `${s.transport} ${s.state}${s.code ? ` ${s.code}` : ''}`),
  };
}
