import { describe, expect, it } from 'vitest';
import { type Child, type ChildEnd, type Ready, Supervised } from './supervised.ts';

/** A child that does what the test says. */
class FakeChild implements Child {
  readonly asked: string[] = [];
  words = '';
  #listener: (message: unknown) => void = () => undefined;
  #end: (end: ChildEnd) => void = () => undefined;
  readonly ended = new Promise<ChildEnd>((resolve) => {
    this.#end = resolve;
  });
  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }
  says(message: unknown): void {
    this.#listener(message);
  }
  async ends(code: number | null, signal: string | null = null): Promise<void> {
    this.#end({ code, signal });
    await new Promise(setImmediate);
  }
  lastWords(): string {
    return this.words;
  }
  end(): void {
    this.asked.push('end');
  }
  kill(): void {
    this.asked.push('kill');
    this.#end({ code: null, signal: 'SIGKILL' });
  }
}

function setUp() {
  const children: FakeChild[] = [];
  const given: (Ready | undefined)[] = [];
  const said: string[] = [];
  const timers = new Map<number, () => void>();
  const failures: string[] = [];
  let now = 0;
  const supervised = new Supervised({
    name: 'broker',
    logFile: 'data/logs/broker.log',
    spawn: (previous) => {
      given.push(previous);
      const child = new FakeChild();
      children.push(child);
      return child;
    },
    say: (line) => said.push(line),
    now: () => now,
    setTimer: (ms, fn) => {
      timers.set(ms, fn);
      return { cancel: () => timers.delete(ms) };
    },
    readyLimitMs: 60_000,
  });
  supervised.onFailure = (failure) => failures.push(failure.message);
  return {
    supervised,
    children,
    given,
    said,
    failures,
    timers,
    passes: (ms: number) => {
      now += ms;
    },
    /** Lets the timer of this length fire. */
    fires: async (ms: number) => {
      const fn = timers.get(ms);
      timers.delete(ms);
      fn?.();
      await new Promise(setImmediate);
    },
  };
}

describe('starting', () => {
  it('gives what the child said when it was ready', async () => {
    const { supervised, children } = setUp();
    const started = supervised.start();
    children[0]?.says({ log: 'something else' });
    children[0]?.says({ ready: true, http: 'http://127.0.0.1:8800' });
    expect(await started).toEqual({ ready: true, http: 'http://127.0.0.1:8800' });
  });

  it.each([75, 78])('fails with exactly the line with which the child refused (exit code %i)', async (code) => {
    const { supervised, children, said } = setUp();
    const failed = expect(supervised.start()).rejects.toThrow(
      /^PORT_BUSY: MQTT wants 1883; change mqtt.port \(SHOUWANG_BROKER_MQTT_PORT\)$/,
    );
    if (children[0]) children[0].words = 'PORT_BUSY: MQTT wants 1883; change mqtt.port (SHOUWANG_BROKER_MQTT_PORT)';
    await children[0]?.ends(code);
    await failed;
    expect([children.length, said]).toEqual([1, []]);
  });

  it('fails naming the log when the child dies, and does not try again', async () => {
    const { supervised, children, timers } = setUp();
    const words = 'broker ended while it was starting (exit code 1). Its log: data/logs/broker.log';
    const failed = expect(supervised.start()).rejects.toThrow(words);
    await children[0]?.ends(1);
    await failed;
    expect(timers.size).toBe(0);
  });

  it('fails when the child stays silent, and kills it', async () => {
    const { supervised, children, fires } = setUp();
    const started = supervised.start();
    const failed = expect(started).rejects.toThrow('broker was not ready within 60 s');
    await fires(60_000);
    await failed;
    expect(children[0]?.asked).toEqual(['kill']);
  });
});

describe('a child that dies later', () => {
  async function running() {
    const world = setUp();
    const started = world.supervised.start();
    world.children[0]?.says({ ready: true, port: 1 });
    await started;
    return world;
  }

  it('is started again at the place where it was, and this is said', async () => {
    const { children, given, said, fires } = await running();
    await children[0]?.ends(null, 'SIGKILL');
    await fires(1000);
    children[1]?.says({ ready: true, port: 1 });
    await new Promise(setImmediate);
    expect(given).toEqual([undefined, { ready: true, port: 1 }]);
    expect(said).toEqual([
      'broker ended (killed by SIGKILL); starting it again in 1 s. Its log: data/logs/broker.log',
      'broker is running again',
    ]);
  });

  it('is given longer pauses while it keeps dying, and short ones again after it ran well', async () => {
    const { children, said, fires, passes } = await running();
    await children[0]?.ends(1);
    await fires(1000);
    await children[1]?.ends(1);
    await fires(2000);
    await children[2]?.ends(1);
    await fires(4000);
    passes(60_000);
    await children[3]?.ends(1);
    expect(said.map((line) => /in (\d+) s/.exec(line)?.[1])).toEqual(['1', '2', '4', '1']);
  });

  it('is tried again when its port is still busy: what it left behind may hold it', async () => {
    const { children, failures, fires } = await running();
    await children[0]?.ends(null, 'SIGKILL');
    await fires(1000);
    await children[1]?.ends(75);
    await fires(2000);
    expect([children.length, failures]).toEqual([3, []]);
  });

  it('ends everything when its configuration has become bad', async () => {
    const { children, failures, fires } = await running();
    await children[0]?.ends(1);
    await fires(1000);
    if (children[1]) children[1].words = 'CONFIG_INVALID: config/broker.yaml: http.prot: expected one of the known keys';
    await children[1]?.ends(78);
    expect(failures).toEqual(['CONFIG_INVALID: config/broker.yaml: http.prot: expected one of the known keys']);
  });
});

describe('stopping', () => {
  it('asks, waits, and starts nothing again', async () => {
    const { supervised, children, timers, said } = setUp();
    const started = supervised.start();
    children[0]?.says({ ready: true });
    await started;
    const stopped = supervised.stop(10_000);
    expect(children[0]?.asked).toEqual(['end']);
    await children[0]?.ends(0);
    await stopped;
    expect([children.length, timers.size, said]).toEqual([1, 0, []]);
  });

  it('kills a child that does not end in time', async () => {
    const { supervised, children, said, fires } = setUp();
    const started = supervised.start();
    children[0]?.says({ ready: true });
    await started;
    const stopped = supervised.stop(10_000);
    await fires(10_000);
    await stopped;
    expect(children[0]?.asked).toEqual(['end', 'kill']);
    expect(said).toEqual(['broker does not end; killing it']);
  });

  it('cancels a start that was planned', async () => {
    const { supervised, children, timers } = setUp();
    const started = supervised.start();
    children[0]?.says({ ready: true });
    await started;
    await children[0]?.ends(1);
    expect(timers.has(1000)).toBe(true);
    await supervised.stop(10_000);
    expect([timers.size, children.length]).toEqual([0, 1]);
  });
});
