import { describe, expect, it } from 'vitest';
import { FakeBridge } from '../testing/fake-socket.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { camera, stateWith, T0 } from '../testing/states.ts';
import { AlarmKey } from './alarm-key.ts';
import { BridgeLink } from './bridge-link.ts';
import { CameraList, nearestFirst } from './camera-list.ts';
import { CentreMemory, FALLBACK } from './centre-memory.ts';
import { WatchReporter } from './watching.ts';

async function linked(state = stateWith()) {
  const bridge = new FakeBridge(state);
  const clock = new ManualClock(T0);
  const link = new BridgeLink({ fetchToken: bridge.fetchToken, openSocket: bridge.openSocket, clock, random: () => 0.5 });
  return { bridge, clock, link, start: () => link.start() };
}

describe('the alarm key', () => {
  it('goes to the bridge once down and once up', async () => {
    const { bridge, link, start } = await linked();
    start();
    await settle();
    const key = new AlarmKey(link);
    expect(key.down('alarm')).toBe(true);
    expect(key.down('alarm')).toBe(true);
    key.up('alarm');
    key.up('alarm');
    await settle();
    expect(bridge.called('key')).toEqual([
      { key: 'alarm', action: 'down' },
      { key: 'alarm', action: 'up' },
    ]);
  });

  it('is not pressed twice where the device sees it itself', async () => {
    const { bridge, link, start } = await linked(stateWith({ keysFrom: 'device' }));
    start();
    await settle();
    expect(new AlarmKey(link).down('alarm')).toBe(true);
    await settle();
    expect(bridge.called('key')).toEqual([]);
  });

  it('says when it could not be passed on', async () => {
    const { link } = await linked();
    expect(new AlarmKey(link).down('alarm')).toBe(false);
  });
});

describe('what is on the screen', () => {
  it('is told when it changes, every two seconds while the picture goes on, and null at the end', async () => {
    const { bridge, clock, link, start } = await linked();
    let seen: { cameraId: string; pictureAt: number } | null = null;
    const reporter = new WatchReporter({ link, clock, look: () => seen });
    start();
    await clock.passes(5_000);
    expect(bridge.called('watching')).toEqual([]);
    seen = { cameraId: 'lane', pictureAt: 1 };
    reporter.update();
    await clock.passes(4_000);
    expect(bridge.called('watching')).toHaveLength(1);
    seen = { cameraId: 'lane', pictureAt: 2 };
    await clock.passes(2_000);
    seen = null;
    reporter.update();
    await settle();
    expect(bridge.called('watching')).toEqual([
      { onScreen: { cameraId: 'lane', pictureAt: 1 } },
      { onScreen: { cameraId: 'lane', pictureAt: 2 } },
      { onScreen: null },
    ]);
  });

  it('is told again after the bridge came back', async () => {
    const { bridge, clock, link, start } = await linked();
    const reporter = new WatchReporter({ link, clock, look: () => ({ cameraId: 'lane', pictureAt: 1 }) });
    start();
    await settle();
    expect(bridge.called('watching')).toHaveLength(1);
    bridge.dies();
    bridge.up = true;
    await clock.passes(5_000);
    expect(bridge.called('watching')).toHaveLength(2);
    reporter.close();
  });
});

describe('the list of cameras', () => {
  it('is asked for as soon as the centre can be reached, kept when it cannot, asked again when it can', async () => {
    const { bridge, clock, link, start } = await linked(stateWith({}, { connected: false }));
    bridge.results = { cameras: { cameras: [camera('far', { distanceM: 900 }), camera('near', { distanceM: 10 })] } };
    const list = new CameraList({ link, clock, random: () => 0.5, onChange: () => {} });
    start();
    await clock.passes(60_000);
    expect(list.cameras).toBeUndefined();
    bridge.pushes(stateWith());
    await settle();
    expect(list.cameras?.map((c) => c.id)).toEqual(['near', 'far']);
    bridge.pushes(stateWith({}, { connected: false }));
    await clock.passes(120_000);
    expect(list.cameras).toHaveLength(2);
    expect(bridge.called('cameras')).toHaveLength(1);
    bridge.pushes(stateWith());
    await clock.passes(30_000);
    expect(bridge.called('cameras')).toHaveLength(3);
  });

  it('asks again after a failure', async () => {
    const { bridge, clock, link, start } = await linked();
    bridge.results = { cameras: new Error('TIMEOUT') };
    const list = new CameraList({ link, clock, random: () => 0.5, onChange: () => {} });
    start();
    await settle();
    expect(list.failed).toBe(true);
    bridge.results = { cameras: { cameras: [camera('a')] } };
    await clock.passes(2_000);
    expect(list.failed).toBe(false);
    expect(list.cameras).toHaveLength(1);
  });

  it('keeps the centre’s order among equals and puts unknown distances last', () => {
    const ids = nearestFirst([camera('x', { distanceM: undefined }), camera('b', { distanceM: 5 }), camera('a', { distanceM: 5 })]);
    expect(ids.map((c) => c.id)).toEqual(['b', 'a', 'x']);
  });
});

describe('whom to ring, remembered', () => {
  const storage = () => {
    const kept: Record<string, string> = {};
    const setItem = (k: string, v: string) => {
      kept[k] = v;
    };
    return { getItem: (k: string) => kept[k] ?? null, setItem };
  };
  it('the national number until the centre’s is known; then that, over a restart', () => {
    const store = storage();
    expect(new CentreMemory(store).get()).toEqual(FALLBACK);
    new CentreMemory(store).remember({ name: '平安镇综治中心', phone: '0859-555-0110' });
    expect(new CentreMemory(store).get().phone).toBe('0859-555-0110');
  });
  it('survives storage that is broken, full, or forbidden', () => {
    const full = {
      getItem: () => '{"phone":5',
      setItem: () => {
        throw new Error('full');
      },
    };
    const memory = new CentreMemory(full);
    memory.remember({ name: 'x', phone: '1' });
    expect(memory.get().phone).toBe('1');
    expect(new CentreMemory(undefined).get()).toEqual(FALLBACK);
  });
});
