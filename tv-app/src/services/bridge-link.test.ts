import { describe, expect, it } from 'vitest';
import { FakeBridge, NEVER } from '../testing/fake-socket.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { alarmWith, stateWith, T0 } from '../testing/states.ts';
import { BridgeLink } from './bridge-link.ts';

async function linked(state = stateWith()) {
  const bridge = new FakeBridge(state);
  const clock = new ManualClock(T0);
  const link = new BridgeLink({ fetchToken: bridge.fetchToken, openSocket: bridge.openSocket, clock, random: () => 0.5 });
  link.start();
  await settle();
  return { bridge, clock, link };
}

describe('the link to the bridge', () => {
  it('is up with the whole state after the first answer, and follows what is pushed', async () => {
    const { bridge, link } = await linked();
    expect(link.status).toBe('up');
    bridge.pushes(stateWith({ alarm: alarmWith() }));
    expect(link.state?.alarm).toBeDefined();
  });

  it('is starting, not lost, before anything was tried; lost when the bridge is not there', async () => {
    const bridge = new FakeBridge(stateWith());
    bridge.up = false;
    const link = new BridgeLink({
      fetchToken: bridge.fetchToken,
      openSocket: bridge.openSocket,
      clock: new ManualClock(),
      random: () => 0,
    });
    expect(link.status).toBe('starting');
    link.start();
    await settle();
    expect(link.status).toBe('lost');
  });

  it('comes back by itself and finds the true state of what happened meanwhile', async () => {
    const { bridge, clock, link } = await linked(stateWith({ alarm: alarmWith() }));
    bridge.dies();
    expect(link.status).toBe('lost');
    await clock.passes(20_000);
    expect(link.status).toBe('lost');
    bridge.state = stateWith({ alarm: alarmWith({ storedAt: T0, receivedAt: T0 }) });
    bridge.up = true;
    await clock.passes(5_000);
    expect(link.status).toBe('up');
    expect(link.state?.alarm?.receivedAt).toBe(T0);
  });

  it('keeps the last state while lost, but no gesture: that was the bridge’s', async () => {
    const { bridge, link } = await linked(
      stateWith({ alarm: alarmWith(), gesture: { kind: 'holding', since: T0, holdMs: 2000, presses: 1 } }),
    );
    bridge.dies();
    expect(link.state?.alarm).toBeDefined();
    expect(link.state?.gesture).toBeUndefined();
  });

  it('a bridge that hangs counts as lost', async () => {
    const { bridge, clock, link } = await linked();
    const socket = bridge.sockets[0]!;
    socket.onRequest = () => {};
    await clock.passes(10_000);
    await clock.passes(5_000);
    expect(link.status).toBe('lost');
    expect(socket.closed).toBe(true);
  });

  it('a socket that neither opens nor closes is given up', async () => {
    const bridge = new FakeBridge(stateWith());
    const clock = new ManualClock();
    const dead = { onopen: null, onmessage: null, onclose: null, send() {}, close() {} };
    const link = new BridgeLink({ fetchToken: bridge.fetchToken, openSocket: () => dead, clock, random: () => 0 });
    link.start();
    await clock.passes(5_000);
    expect(link.status).toBe('lost');
  });

  it('what an old connection still says is not believed', async () => {
    const { bridge, clock, link } = await linked();
    const old = bridge.sockets[0]!;
    const deaf = old.onmessage;
    bridge.dies();
    bridge.up = true;
    await clock.passes(5_000);
    deaf?.({ data: JSON.stringify({ jsonrpc: '2.0', method: 'state', params: stateWith({ boxId: 'other' }) }) });
    expect(link.state?.boxId).toBe('box-0001');
  });

  it('calls answer, fail with the bridge’s code, time out, or fail at once without a link', async () => {
    const { bridge, clock, link } = await linked();
    bridge.results = { cameras: { cameras: [] }, rate: new Error('CASE_STATE'), withdraw: NEVER };
    await expect(link.call('cameras', {})).resolves.toEqual({ cameras: [] });
    await expect(link.call('rate', { rating: 'fair' })).rejects.toMatchObject({ code: 'CASE_STATE' });
    const waiting = expect(link.call('withdraw', {})).rejects.toMatchObject({ code: 'TIMEOUT' });
    await clock.passes(5_000);
    await waiting;
    const cut = expect(link.call('withdraw', {})).rejects.toMatchObject({ code: 'OFFLINE' });
    bridge.dies();
    await cut;
    await expect(link.call('withdraw', {})).rejects.toMatchObject({ code: 'OFFLINE' });
  });

  it('knows the bridge’s clock', async () => {
    const { link } = await linked(stateWith({ now: T0 + 90_000 }));
    expect(link.bridgeNow()).toBe(T0 + 90_000);
  });

  it('closed, it leaves no timer', async () => {
    const { clock, link } = await linked();
    link.close();
    expect(clock.pending).toBe(0);
  });
});
