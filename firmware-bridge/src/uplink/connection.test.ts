import { topics } from '@shouwang/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeCentre } from '../testing/fake-centre.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { quiet } from '../testing/quiet.ts';
import { StallableProxy } from '../testing/stallable-proxy.ts';
import { until } from '../testing/until.ts';
import { createAddresses } from './addresses.ts';
import { type Connection, createConnection } from './connection.ts';
import { createDialler } from './dial.ts';

const TOPIC = topics.boxUp('box-0001', 'alarm');
const RETURN_MS = 300_000;
const RECONNECT = { minMs: 500, maxMs: 30_000 };

let centre: FakeCentre;
let line: StallableProxy;
let clock: FakeClock;
let connection: Connection;
let ups: number;
let downs: number;
let messages: number;
let refusals: number;
let alarmWaits: boolean;

function make(...urls: string[]): Connection {
  const dialler = createDialler({ clock, pins: [], now: () => undefined, identity: () => undefined });
  return createConnection({
    addresses: createAddresses({ urls, dialler, clock, random: () => 1, log: quiet, returnAfterMs: RETURN_MS, busy: () => alarmWaits }),
    dialler,
    boxId: 'box-0001',
    secret: () => 's',
    urgentMaxMs: 5000,
    urgent: () => alarmWaits,
    onRefused: () => refusals++,
    status: (online) => JSON.stringify({ online }),
    keepAliveS: 30,
    reconnect: RECONNECT,
    clock,
    random: () => 1,
    log: quiet,
    onUp: () => ups++,
    onDown: () => downs++,
    onMessage: () => messages++,
  });
}

/** Whether what is armed is the wait for the next attempt: an attempt itself is watched for 10 s, the greeting for 20. */
const waiting = () => clock.armed === 1 && ![10_000, 20_000].includes(clock.nextIn);

beforeEach(async () => {
  ups = downs = messages = refusals = 0;
  alarmWaits = false;
  clock = new FakeClock();
  centre = await new FakeCentre().start();
  line = await new StallableProxy(centre.port).start();
  connection = make(`mqtt://127.0.0.1:${line.port}`);
  connection.start();
  await until('up', () => ups === 1);
});
afterEach(async () => {
  const closing = connection.close();
  // What it waits for on the way out is by the fake clock too.
  await until('closed', async () => {
    clock.passes(1000);
    return Promise.race([closing.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);
  });
  await line.stop();
  await centre.stop();
});

describe('"sent" means', () => {
  it('that the operating system took every byte, not that MQTT.js has it', async () => {
    line.stall();
    let sent = false;
    // More than the buffers of two sockets hold.
    const sending = connection.publish(TOPIC, JSON.stringify({ id: 'x'.repeat(40_000_000) })).then(() => {
      sent = true;
    });
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBe(false);
    line.resume();
    await sending;
    expect(sent).toBe(true);
  });

  it('nothing on a connection that is gone', async () => {
    centre.cut();
    await until('down', () => downs === 1);
    await expect(connection.publish(TOPIC, '{}')).rejects.toMatchObject({ code: 'OFFLINE' });
  });
});

describe('a lost connection', () => {
  it('is tried again after 0.5, 1, 2 … 30 s, for ever, and at once when hurried', async () => {
    await centre.stop();
    await until('down', () => downs === 1);
    const waited: number[] = [];
    for (let i = 0; i < 9; i++) {
      await until('the attempt failed', () => waiting());
      waited.push(clock.nextIn);
      clock.passes(clock.nextIn);
    }
    expect(waited).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);

    await until('the last attempt failed', () => waiting());
    await centre.start();
    clock.passes(600);
    connection.hurry();
    await until('up again', () => ups === 2);
  });

  it('when hurried right after an attempt is tried again half a second after it, not at the end of the long wait', async () => {
    await centre.stop();
    await until('down', () => downs === 1);
    for (let i = 0; i < 8; i++) {
      await until('the attempt failed', () => waiting());
      if (i < 7) clock.passes(clock.nextIn);
    }
    expect(clock.nextIn).toBe(30_000);
    clock.passes(100);
    connection.hurry();
    connection.hurry();
    expect(clock.nextIn).toBe(400);
    await centre.start();
    clock.passes(400);
    await until('up again', () => ups === 2);
  });

  it('that died without a word is given up when something was sent and nothing came back for 18 s', async () => {
    line.stall();
    await connection.publish(TOPIC, '{"id":"1"}');
    clock.passes(17_000);
    await connection.publish(TOPIC, '{"id":"1"}');
    clock.passes(1001);
    await expect(connection.publish(TOPIC, '{"id":"1"}')).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(downs).toBe(1);
    clock.passes(500);
    await until('up again', () => ups === 2);
  });

  it('is not assumed while the centre answers anything at all', async () => {
    for (let i = 0; i < 5; i++) {
      await connection.publish(TOPIC, `{"id":"${i}"}`);
      centre.notice(true);
      await until('something came back', () => messages > i);
      clock.passes(10_000);
    }
    expect(downs).toBe(0);
  });
});

it('a broker address that cannot be is retried, not fatal', async () => {
  const other = make('mqtt://127.0.0.1:99999');
  other.start();
  clock.passes(500);
  expect(other.up).toBe(false);
  await other.close();
});

describe('while an alarm waits', () => {
  it('attempts are at most 5 s apart', async () => {
    alarmWaits = true;
    await centre.stop();
    await until('down', () => downs === 1);
    const waited: number[] = [];
    for (let i = 0; i < 6; i++) {
      await until('the attempt failed', () => waiting());
      waited.push(clock.nextIn);
      clock.passes(clock.nextIn);
    }
    expect(waited).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
    alarmWaits = false;
    await until('the attempt failed', () => waiting());
    expect(clock.nextIn).toBe(30_000);
  });
});

describe('with two addresses', () => {
  let second: FakeCentre;
  let box: Connection;
  beforeEach(async () => {
    second = await new FakeCentre().start();
    await connection.close();
    clock = new FakeClock();
    ups = downs = 0;
    box = make(centre.url, second.url);
  });
  afterEach(async () => {
    const closing = box.close();
    await until('closed', async () => {
      clock.passes(1000);
      return Promise.race([closing.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);
    });
    await second.stop();
  });

  /** Time passes up to what is due next, but not while an attempt is on its way. */
  const goesOn = () => {
    if (waiting()) clock.passes(clock.nextIn);
  };

  it('the second is used while the first does not answer, and the first again when it was there twice', async () => {
    await centre.stop();
    box.start();
    await until('the first failed', () => waiting());
    clock.passes(500);
    await until('up', () => ups === 1);
    expect(box.url).toBe(second.url);

    expect(clock.nextIn).toBe(RETURN_MS);
    clock.passes(RETURN_MS);
    await until('it was not there', () => waiting());
    expect(box.url).toBe(second.url);
    await centre.start();
    const before = centre.connects.length;
    await until('back at the first', () => {
      if (ups < 2) goesOn();
      return ups === 2;
    });
    expect(box.url).toBe(centre.url);
    expect(centre.connects.length).toBe(before + 1);
    expect(second.of('status').at(-1)?.message).toEqual({ online: true });
  });

  it('a first one that cannot be is looked at in vain, and harms nobody', async () => {
    await box.close();
    box = make('mqtt://127.0.0.1:99999', second.url);
    box.start();
    await until('the first failed', () => waiting());
    clock.passes(500);
    await until('up', () => ups === 1);
    for (let i = 0; i < 3; i++) {
      clock.passes(RETURN_MS);
      await until('looked', () => waiting());
    }
    expect(box.url).toBe(second.url);
    expect(downs).toBe(0);
  });

  it('it stays where it is while an alarm waits', async () => {
    await centre.stop();
    box.start();
    await until('the first failed', () => waiting());
    clock.passes(500);
    await until('up', () => ups === 1);
    await centre.start();
    alarmWaits = true;
    for (let i = 0; i < 10; i++) {
      goesOn();
      await until('looked', () => waiting());
    }
    expect([box.url, ups]).toEqual([second.url, 1]);
  });

  it('after a loss the same one is tried first, then the other', async () => {
    box.start();
    await until('up', () => ups === 1);
    clock.passes(10_000);
    await centre.stop();
    await until('down', () => downs === 1);
    await until('a wait', () => waiting());
    expect(box.url).toBe(centre.url);
    clock.passes(clock.nextIn);
    await until('the first failed again', () => waiting());
    clock.passes(clock.nextIn);
    await until('up', () => ups === 2);
    expect(box.url).toBe(second.url);
  });

  it('a return that does not last makes the next one later', async () => {
    await centre.stop();
    box.start();
    await until('the first failed', () => waiting());
    clock.passes(500);
    await until('up', () => ups === 1);
    // It takes connections, and lets nobody in.
    centre.accept = false;
    await centre.start();
    await until('tried, refused, back at the second', () => {
      if (ups < 2) goesOn();
      return ups === 2;
    });
    expect([box.url, refusals]).toEqual([second.url, 1]);
    expect(clock.nextIn).toBe(2 * RETURN_MS);
  });
});
