/** Boxes with certificates: enrolled by an engineer, let in or not, renewed, in 1970, and with two addresses. Real processes and real TLS. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { apiPaths, type DeadLetter } from '@shouwang/protocol';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createSimulatedBox, type SimulatedBox } from '../../firmware-bridge/simulator/index.ts';
import { centreSays, enrolBox, enrolSecret, startTlsWorld, type TlsWorld } from '../harness/certificates.ts';
import type { Operator } from '../harness/operator.ts';
import { until } from '../harness/until.ts';

let tls: TlsWorld;
let flashes: string;
beforeAll(async () => {
  flashes = mkdtempSync(join(tmpdir(), 'shouwang-flash-'));
  // A box's secret counts over TLS only.
  tls = await startTlsWorld({ boxes: 2, brokerEnv: { SHOUWANG_BROKER_MQTT_BOX_SECRETS: 'tls' } });
});
afterAll(async () => {
  await tls?.ends();
  rmSync(flashes, { recursive: true, force: true });
});

function newFlash(boxId: string): string {
  const flash = join(flashes, `${boxId}-${Math.random().toString(36).slice(2)}`);
  mkdirSync(flash);
  return flash;
}

/** The bridge's own code on a simulated box with this flash, at the TLS listener unless told otherwise. */
async function box(boxId: string, flash: string, more: { centre?: object; uplink?: object; secret?: string; now?: () => number } = {}) {
  const { now = Date.now, secret = '' } = more;
  const one = createSimulatedBox(
    {
      dataDir: flash,
      box: { id: boxId },
      centre: { mqttUrl: tls.tlsUrl, pins: [tls.pin], ...more.centre },
      uplink: { reconnectMinMs: 50, reconnectMaxMs: 500, ...more.uplink },
    },
    {
      secret,
      clock: {
        now,
        mono: () => performance.now(),
        after(ms, fn) {
          const timer = setTimeout(fn, ms);
          return { cancel: () => clearTimeout(timer) };
        },
      },
    },
  );
  onTestFinished(() => one.close());
  await one.start();
  return one;
}

const connects = (one: SimulatedBox) => until('the box has reached the centre', () => one.app.state().centre.connected);

/** The box is enrolled with a secret, and has got itself a certificate with it. */
async function hasCertificate(boxId: string, flash: string, at = tls): Promise<void> {
  const secret = randomBytes(32).toString('base64url');
  await enrolSecret(at.world, boxId, secret);
  const one = await box(boxId, flash, { secret, centre: { mqttUrl: at.tlsUrl, pins: [at.pin] } });
  await until('the certificate is on flash', () => identityIn(flash).cert);
  await one.close();
}

/** The key is pressed; the case at the centre. */
async function alarms(one: SimulatedBox, operator: Operator) {
  one.pressSos();
  const alarm = await until('received', () => {
    const shown = one.app.state().alarm;
    return shown?.receivedAt ? shown : undefined;
  });
  return operator.findsCase(alarm.id);
}

async function onRecord(client: string, code: string): Promise<DeadLetter> {
  const operator = await tls.world.operatorAway();
  return until(`${code} of ${client} is on the record`, async () => {
    const { deadLetters } = await operator.get<{ deadLetters: DeadLetter[] }>(apiPaths.deadLetters);
    return deadLetters.find((d) => d.topic === 'CONNECT' && d.client === client && d.code === code);
  });
}

/** Tries to connect as a box; what the centre says. */
function knocks(boxId: string, identity: { key: string; cert: string } | undefined): Promise<string> {
  return new Promise((resolve) => {
    const client = mqtt.connect(tls.tlsUrl, {
      clientId: boxId,
      username: `box:${boxId}`,
      protocolVersion: 4,
      reconnectPeriod: 0,
      rejectUnauthorized: false,
      ...identity,
    });
    client.once('connect', () => resolve('in'));
    client.once('error', (error) => resolve(error.message));
    client.once('close', () => resolve('closed'));
    onTestFinished(() => void client.end(true));
  });
}

function identityIn(flash: string): { key: string; cert: string } {
  const [key = '', ...certificates] = readFileSync(join(flash, 'identity/current.pem'), 'utf8').split(/(?=-----BEGIN CERTIFICATE)/);
  return { key, cert: certificates.join('') };
}

it('an engineer enrols a box; its alarm comes through with nothing but its certificate; revoked, it is out at once', async () => {
  const flash = newFlash('box-new');
  const { csrFile, certificateFile } = await enrolBox(tls.world, 'box-new', flash);
  expect(readFileSync(csrFile, 'utf8') + readFileSync(certificateFile, 'utf8')).not.toContain('PRIVATE');
  const operator = await tls.world.operatorAway();
  const one = await box('box-new', flash);
  await connects(one);
  expect((await alarms(one, operator)).household).toMatchObject({ boxId: 'box-new', name: '王秀英' });

  await centreSays(tls.world, 'revoke', '--box-id', 'box-new');
  await until('it is out', () => !one.app.state().centre.connected);
  expect((await onRecord('box-new', 'BOX_REVOKED')).reason).toBe('revoked');
  await centreSays(tls.world, 'reinstate', '--box-id', 'box-new');
  await connects(one);
});

it('a box that comes with its secret over TLS gets its first certificate by itself, and needs the secret no more', async () => {
  const flash = newFlash('box-0001');
  const one = await box('box-0001', flash, { secret: tls.world.secrets.boxes[0]! });
  await until('the certificate is on flash', () => identityIn(flash).cert);
  await one.close();
  await connects(await box('box-0001', flash));
});

it('wrong certificates get nowhere, and the centre knows why', async () => {
  const [mine, others] = [newFlash('box-a'), newFlash('box-b')];
  await hasCertificate('box-a', mine);
  await hasCertificate('box-b', others);
  expect(await knocks('box-a', identityIn(others))).toMatch(/Not authorized/);
  expect((await onRecord('box-a', 'CERT_INVALID')).reason).toBe('the certificate is of box box-b');
  expect(await knocks('box-b', undefined)).toMatch(/Not authorized/);
  expect((await onRecord('box-b', 'BAD_CREDENTIALS')).reason).toBe('wrong secret');

  const elsewhere = await startTlsWorld();
  onTestFinished(() => elsewhere.ends());
  const foreign = newFlash('box-c');
  await hasCertificate('box-c', newFlash('box-c'));
  await hasCertificate('box-c', foreign, elsewhere);
  expect(await knocks('box-c', identityIn(foreign))).toMatch(/Not authorized/);
  expect((await onRecord('box-c', 'CERT_INVALID')).reason).toMatch(/another CA/);
  // And the other way round: a box does not speak to a centre that is not its own.
  const stubborn = await box('box-a', mine, { centre: { mqttUrl: elsewhere.tlsUrl } });
  await until('its alarm waits', async () => {
    if (!stubborn.app.state().alarm) stubborn.pressSos();
    return stubborn.app.state().alarm?.storedAt;
  });
  expect(stubborn.app.state().centre.connected).toBe(false);
});

it('a box that has booted in 1970 raises its alarm', async () => {
  const flash = newFlash('box-1970');
  await hasCertificate('box-1970', flash);
  const bootedAt = performance.now();
  const one = await box('box-1970', flash, { now: () => Math.floor(performance.now() - bootedAt) });
  await connects(one);
  expect(new Date(one.app.state().now).getUTCFullYear()).toBe(1970);
  await alarms(one, await tls.world.operatorAway());
});

it('a box that comes back with an expired certificate raises its alarm, is marked, and has a new one soon', async () => {
  const flash = newFlash('box-late');
  await hasCertificate('box-late', flash);
  // Its certificate has expired as far as the centre is concerned; by the box's own clock it is due.
  await tls.world.broker.stop();
  const db = new DatabaseSync(join(tls.world.dir, 'broker/shouwang.db'));
  db.prepare('update certificates set not_after = ? where box_id = ?').run(Date.now() - 1000, 'box-late');
  db.close();
  await tls.world.broker.start();

  expect(await knocks('box-late', identityIn(flash))).toBe('in');
  await onRecord('box-late', 'CERT_EXPIRED');
  const operator = await tls.world.operatorAway();
  const DAYS_300 = 300 * 86_400_000;
  const before = identityIn(flash).cert;
  const one = await box('box-late', flash, { now: () => Date.now() + DAYS_300 });
  await connects(one);
  const { caseNo } = await alarms(one, operator);
  await until('the new certificate is on flash', () => identityIn(flash).cert !== before);
  await until('it came again with it', async () => {
    return (await operator.case(caseNo)).household.certificateExpiredAt === undefined;
  });
  await connects(one);
});

it('two addresses: over to the second when the first is gone, back when it is there again, and an alarm on each', async () => {
  const flash = newFlash('box-two');
  await hasCertificate('box-two', flash);
  const first = await Relay.opens(tls.tlsPort);
  onTestFinished(() => first.closes());
  const operator = await tls.world.operatorAway();
  const one = await box('box-two', flash, { centre: { mqttUrl: first.url, mqttUrlBackup: tls.tlsUrl }, uplink: { returnAfterS: 1 } });
  await connects(one);
  expect(first.lines).toBe(1);
  await first.closes();
  await until('it is noticed', () => !one.app.state().centre.connected);
  await connects(one);
  const opened = await alarms(one, operator);
  await operator.command(opened.caseNo, { command: 'sign' });
  await operator.command(opened.caseNo, { command: 'close', result: '已处理' });
  await until('closed on the TV', () => one.app.state().alarm?.state === 'closed');
  await first.reopens();
  await until('it is back at the first', () => first.lines > 0 && one.app.state().centre.connected && first.standing === 1, 30_000);
});

/** A line to the centre that can be cut: what stands behind the first address. */
class Relay {
  #server!: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  /** Lines since it was opened. */
  lines = 0;

  private constructor(target: number) {
    this.#target = target;
  }

  static async opens(target: number): Promise<Relay> {
    const relay = new Relay(target);
    await relay.reopens();
    return relay;
  }

  get url(): string {
    return `mqtts://127.0.0.1:${this.#port}`;
  }

  get standing(): number {
    return this.#sockets.size / 2;
  }

  async reopens(): Promise<void> {
    this.lines = 0;
    this.#server = createServer((near) => {
      this.lines++;
      const far = connectTcp(this.#target, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on('error', () => undefined);
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async closes(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
