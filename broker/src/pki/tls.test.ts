/** Boxes at the TLS listener, with real handshakes: who gets in how far, and what is on the record. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { adminPaths, apiPaths, type BoxCertificate, type DeadLetter, makeEvent, topics } from '@shouwang/protocol';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { askCentre } from '../admin/client.ts';
import { uuid7 } from '../ids.ts';
import { atTheEnd } from '../testing/at-the-end.ts';
import { type BoxKeys, boxKeys, P384, selfSigned } from '../testing/box-keys.ts';
import { aCentre, SECRET, type TestCentre } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { anAlarm } from '../testing/messages.ts';
import { TestClient } from '../testing/mqtt-client.ts';
import { PageBox } from '../testing/page-box.ts';
import { until } from '../testing/until.ts';

const DAY_MS = 86_400_000;
const PASSPHRASE = 'a passphrase for tests only';
const config = (folder: string, mqtt: object = {}) => ({
  ca: { passphraseFile: join(folder, 'passphrase') },
  mqtt: { handshakeS: 0.5, tls: { enabled: true, port: 0 }, ...mqtt },
});

const atEnd = atTheEnd();
let folder: string;
let centre: TestCentre;
beforeAll(async () => {
  folder = aFolder(atEnd);
  writeFileSync(join(folder, 'passphrase'), PASSPHRASE, { mode: 0o600 });
  centre = await aCentre({ atEnd, folder, config: config(folder) });
});

/** What the command line does. */
function signs(at: TestCentre, boxId: string, csr: string, more: object = {}): Promise<BoxCertificate> {
  return askCentre(join(at.folder, 'data', 'admin.sock'), 'POST', adminPaths.boxCertificate(boxId), { csr, ...more });
}

async function enrolled(at: TestCentre, boxId: string): Promise<{ keys: BoxKeys; cert: string }> {
  const keys = await boxKeys(`CN=${boxId}`);
  return { keys, cert: (await signs(at, boxId, keys.csr)).chain };
}

async function comes(
  at: TestCentre,
  boxId: string,
  who: { keys: BoxKeys; cert: string } | undefined,
  password = '',
  userName = `box:${boxId}`,
): Promise<TestClient> {
  const client = await TestClient.connects(at.tlsPort, userName, {
    protocol: 'mqtts',
    clientId: boxId,
    password,
    rejectUnauthorized: false,
    ...(who ? { key: who.keys.key, cert: who.cert } : {}),
  });
  onTestFinished(() => client.leaves());
  return client;
}

/** What was recorded about a client, newest first. */
async function onRecord(at: TestCentre, client: string): Promise<DeadLetter[]> {
  const operator = await at.operator();
  return until(`a refusal of ${client} is on the record`, async () => {
    const { deadLetters } = (await operator.json('GET', apiPaths.deadLetters)) as { deadLetters: DeadLetter[] };
    const found = deadLetters.filter((d) => d.client === client);
    return found.length > 0 ? found : undefined;
  });
}

describe('a box with a certificate of the centre’s own CA', () => {
  it('comes in without a secret, and its alarm is received', async () => {
    const box = await comes(centre, 'box-0001', await enrolled(centre, 'box-0001'));
    await box.subscribes(topics.boxDownAny('box-0001'));
    const alarm = anAlarm('box-0001');
    await box.publishes(topics.boxUp('box-0001', 'alarm'), alarm);
    await box.hears('/down/received', (e) => e.data.messageId === alarm.id);
  });

  it('resumes its TLS session the second time, and is still known by its certificate', async () => {
    const who = await enrolled(centre, 'box-0001');
    const options = { port: centre.tlsPort, host: '127.0.0.1', key: who.keys.key, cert: who.cert, rejectUnauthorized: false };
    const shake = async (session?: Buffer): Promise<{ socket: TLSSocket; ticket: Promise<Buffer> }> => {
      const socket = connectTls({ ...options, ...(session && { session }) });
      onTestFinished(() => void socket.destroy());
      const ticket = new Promise<Buffer>((resolve) => socket.once('session', resolve));
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('secureConnect', resolve));
      return { socket, ticket };
    };
    const first = await shake();
    expect(first.socket.isSessionReused()).toBe(false);
    const second = await shake(await first.ticket);
    expect(second.socket.isSessionReused()).toBe(true);
    const { generate } = await import('mqtt-packet');
    const answer = new Promise<Buffer>((resolve) => second.socket.once('data', resolve));
    second.socket.write(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId: 'box-0001',
        keepalive: 30,
        username: 'box:box-0001',
      }),
    );
    expect((await answer).toString('hex')).toBe('20020000');
  });

  it('that has expired gets its alarms through and its renewal, no pictures; the console sees it until it is renewed', async () => {
    const clock = new ManualClock(Date.now());
    const own = withPassphrase();
    const at = await aCentre({
      clock,
      folder: own,
      config: { ...configIn(), ca: { passphraseFile: join(own, 'passphrase'), boxDays: 1 } },
    });
    const who = await enrolled(at, 'box-0001');
    clock.passes(2 * DAY_MS);
    const operator = await at.operator();
    await operator.listens();
    const box = await comes(at, 'box-0001', who);
    expect(await onRecord(at, 'box-0001')).toMatchObject([{ topic: 'CONNECT', code: 'CERT_EXPIRED' }]);
    await box.subscribes(topics.boxDownAny('box-0001'));
    const alarm = anAlarm('box-0001');
    await box.publishes(topics.boxUp('box-0001', 'alarm'), alarm);
    await box.hears('/down/received', (e) => e.data.messageId === alarm.id);
    const { view } = await operator.hears('opened');
    expect(view.household.certificateExpiredAt).toBeLessThan(clock.now());

    const ask = makeEvent('cn.shouwang.box.view.v1', 'box/box-0001', uuid7(Date.now()), Date.now(), { ask: 'cameras' as const });
    await box.publishes(topics.boxUp('box-0001', 'view'), ask);
    await box.hears('/down/rejected', (e) => e.data.messageId === ask.id && e.data.code === 'CERT_EXPIRED');

    const next = await boxKeys('CN=box-0001');
    const renew = makeEvent('cn.shouwang.box.renewal.v1', 'box/box-0001', uuid7(Date.now()), Date.now(), { csr: next.csr });
    await box.publishes(topics.boxUp('box-0001', 'renew'), renew);
    const { event } = await box.hears('/down/certificate', (e) => e.data.requestId === renew.id);
    const renewed = await comes(at, 'box-0001', { keys: next, cert: event.data.chain });
    await renewed.subscribes(topics.boxDownAny('box-0001'));
    const again = { ...ask, id: uuid7(Date.now()) };
    await renewed.publishes(topics.boxUp('box-0001', 'view'), again);
    await renewed.hears('/down/cameras', (e) => e.data.requestId === again.id);
    const detail = await operator.json('GET', apiPaths.case(view.caseNo));
    expect(detail.household.certificateExpiredAt).toBeUndefined();
  });

  it('that asks twice with the same request gets the same certificate', async () => {
    const who = await enrolled(centre, 'box-0002');
    const box = await comes(centre, 'box-0002', who);
    await box.subscribes(topics.boxDownAny('box-0002'));
    const renew = makeEvent('cn.shouwang.box.renewal.v1', 'box/box-0002', uuid7(Date.now()), Date.now(), { csr: who.keys.csr });
    await box.publishes(topics.boxUp('box-0002', 'renew'), renew);
    await box.publishes(topics.boxUp('box-0002', 'renew'), renew);
    const answers = await until('two answers', () => {
      const heard = box.heard.filter((h) => h.topic.endsWith('/certificate'));
      return heard.length === 2 ? heard : undefined;
    });
    expect(answers[0]?.event.data.chain).toBe(answers[1]?.event.data.chain);
  });
});

describe('refused at the door, and on the record with the reason', () => {
  it.each<[string, string, () => Promise<{ keys: BoxKeys; cert: string } | undefined>, string, RegExp]>([
    [
      'a self-signed certificate',
      'box-0001',
      async () => {
        const keys = await boxKeys('CN=box-0001');
        return { keys, cert: await selfSigned(keys, 'CN=box-0001') };
      },
      'CERT_INVALID',
      /self-signed/,
    ],
    [
      'one that expired and was never ours',
      'box-0001',
      async () => {
        const keys = await boxKeys('CN=box-0001');
        return { keys, cert: await selfSigned(keys, 'CN=box-0001', { notBefore: new Date(1), notAfter: new Date(1000) }) };
      },
      'CERT_INVALID',
      /self-signed/,
    ],
    [
      'one of another centre’s CA',
      'box-0001',
      async () => {
        const other = await aCentre({ folder: withPassphrase(), config: configIn() });
        return enrolled(other, 'box-0001');
      },
      'CERT_INVALID',
      /another CA/,
    ],
    ['another box’s certificate', 'box-0002', () => enrolled(centre, 'box-0001'), 'CERT_INVALID', /is of box box-0001/],
    ['no certificate and no secret', 'box-far', async () => undefined, 'BAD_CREDENTIALS', /./],
  ])('%s', async (_what, boxId, who, code, reason) => {
    const shown = await who();
    await expect(comes(centre, boxId, shown)).rejects.toThrow();
    const records = await onRecord(centre, boxId);
    expect(records.some((r) => r.topic === 'CONNECT' && r.code === code && reason.test(r.reason))).toBe(true);
  });

  it('a revoked box, cut off at once; a certificate that was replaced', async () => {
    const at = await aCentre({ folder: withPassphrase(), config: configIn() });
    const first = await enrolled(at, 'box-0002');
    const box = await comes(at, 'box-0002', first);
    const second = await enrolled(at, 'box-0002');
    await box.losesConnection();
    await expect(comes(at, 'box-0002', first)).rejects.toThrow();
    expect((await onRecord(at, 'box-0002'))[0]).toMatchObject({ code: 'CERT_INVALID', reason: expect.stringMatching(/replaced/) });
    const again = await comes(at, 'box-0002', second);
    await askCentre(join(at.folder, 'data', 'admin.sock'), 'POST', adminPaths.revokeBox('box-0002'));
    await again.losesConnection();
    await expect(comes(at, 'box-0002', second)).rejects.toThrow();
    await until('on the record', async () => (await onRecord(at, 'box-0002')).some((r) => r.code === 'BOX_REVOKED'));
  });

  it('secrets of boxes, where the configuration says so; an integrator’s is good', async () => {
    const at = await aCentre({ folder: withPassphrase(), config: configIn({ boxSecrets: 'none' }) });
    await expect(comes(at, 'box-0001', undefined, SECRET)).rejects.toThrow();
    await expect(at.connects('box:box-0001')).rejects.toThrow();
    expect((await comes(at, '110', undefined, SECRET, 'integrator:110')).connected).toBe(true);
  });

  it('over HTTP, too, of a box that has a certificate, until an activation ends the certificate', async () => {
    const folder = withPassphrase();
    const tvAppDir = join(folder, 'tv');
    mkdirSync(tvAppDir);
    writeFileSync(join(tvAppDir, 'index.html'), '');
    const at = await aCentre({ folder, config: { ...configIn({ boxSecrets: 'none' }), http: { tvAppDir, boxPollS: 0.2 } } });
    const page = new PageBox(at.addresses.httpUrl, { boxId: 'box-0002', secret: SECRET });
    await page.polls();
    const held = await enrolled(at, 'box-0002');
    await expect(page.polls()).rejects.toThrow('BAD_CREDENTIALS');
    expect((await onRecord(at, 'http box:box-0002'))[0]).toMatchObject({
      code: 'BAD_CREDENTIALS',
      reason: expect.stringMatching(/certificate/),
    });
    const { code } = await askCentre<{ code: string }>(join(at.folder, 'data', 'admin.sock'), 'POST', adminPaths.activation('box-0002'));
    expect(await page.activates(code)).toBe(200);
    await page.polls();
    await expect(comes(at, 'box-0002', held)).rejects.toThrow();
  });
});

describe('a request is refused', () => {
  it.each<[string, () => Promise<string>, RegExp]>([
    ['for another name', async () => (await boxKeys('CN=box-0002')).csr, /expected the subject CN=box-0001/],
    ['for a longer name', async () => (await boxKeys('CN=box-0001,O=x')).csr, /expected the subject/],
    ['for a key on another curve', async () => (await boxKeys('CN=box-0001', P384)).csr, /P-256/],
    [
      'that is garbage',
      async () => `-----BEGIN CERTIFICATE REQUEST-----\n${'A'.repeat(200)}\n-----END CERTIFICATE REQUEST-----\n`,
      /PKCS#10/,
    ],
    [
      'with a broken signature',
      async () => {
        const lines = (await boxKeys('CN=box-0001')).csr.split('\n');
        const der = Buffer.from(lines.slice(1, -1).join(''), 'base64');
        der[der.length - 5]! ^= 1;
        return `${lines[0]}\n${der.toString('base64')}\n${lines.at(-1)}`;
      },
      /not signed|PKCS#10/,
    ],
  ])('%s', async (_what, csr, reason) => {
    await expect(signs(centre, 'box-0001', await csr())).rejects.toThrow(reason);
  });

  it('for a box that nobody enrolled, or that is revoked', async () => {
    await expect(signs(centre, 'box-9999', (await boxKeys('CN=box-9999')).csr)).rejects.toThrow('BOX_UNKNOWN');
    await expect(signs(centre, 'box-gone', (await boxKeys('CN=box-gone')).csr)).rejects.toThrow('BOX_REVOKED');
  });
});

describe('the CA', () => {
  it('has its key encrypted on disk; without the passphrase everything runs but signing', async () => {
    const own = withPassphrase();
    const at = await aCentre({ folder: own, config: configIn() });
    const who = await enrolled(at, 'box-0001');
    const { pin } = at.addresses;
    await at.close();
    expect(readFileSync(join(own, 'data/pki/ca-key.pem'), 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    const locked = await aCentre({ folder: own, config: { ...configIn(), ca: {} } });
    expect(locked.addresses.pin).toBe(pin);
    expect((await comes(locked, 'box-0001', who)).connected).toBe(true);
    await expect(signs(locked, 'box-0001', who.keys.csr)).rejects.toThrow('CA_LOCKED');
  });

  it('is not asked for more than ten certificates of one box in a day', async () => {
    const own = withPassphrase();
    const at = await aCentre({ folder: own, config: configIn() });
    const who = await enrolled(at, 'box-0001');
    const box = await comes(at, 'box-0001', who);
    await box.subscribes(topics.boxDownAny('box-0001'));
    const asks = async () => {
      const renew = makeEvent('cn.shouwang.box.renewal.v1', 'box/box-0001', uuid7(Date.now()), Date.now(), { csr: who.keys.csr });
      await box.publishes(topics.boxUp('box-0001', 'renew'), renew);
      return renew.id;
    };
    // The one of the enrolment counts.
    for (let n = 2; n <= 10; n++) {
      const id = await asks();
      await box.hears('/down/certificate', (e) => e.data.requestId === id);
    }
    // Locked: whoever got as far as signing would say so.
    rmSync(join(own, 'passphrase'));
    await asks();
    expect((await onRecord(at, 'box:box-0001'))[0]).toMatchObject({ code: 'RATE_EXCEEDED' });
  });

  it('is not made without a passphrase, or with one that others may read', async () => {
    await expect(aCentre({ config: { ...configIn(), ca: {} } })).rejects.toThrow(/^CONFIG_INVALID: ca.passphraseFile/);
    const own = withPassphrase(0o644);
    await expect(aCentre({ folder: own, config: configIn() })).rejects.toThrow(/only its owner can read/);
    expect(existsSync(join(own, 'data/pki/ca.pem'))).toBe(false);
  });
});

describe('hostile ends of the line', () => {
  async function raw(): Promise<{ socket: Socket; closed: Promise<void> }> {
    const socket = connectTcp(centre.tlsPort, '127.0.0.1');
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await new Promise((resolve) => socket.once('connect', resolve));
    return { socket, closed };
  }

  it('garbage, a handshake that never comes, and a client without MQTT: closed and recorded, others go on', async () => {
    const talkative = await raw();
    talkative.socket.write('GET / HTTP/1.1\r\n\r\n');
    await talkative.closed;
    const silent = await raw();
    await silent.closed;
    const records = await until('both on the record', async () => {
      const found = await onRecord(centre, 'tls:127.0.0.1');
      return found.some((r) => r.code === 'TIMEOUT') && found.some((r) => r.code === 'NOT_ALLOWED') ? found : undefined;
    });
    expect(records[0]?.reason).toMatch(/no TLS handshake/);
    const mute = connectTls({ port: centre.tlsPort, host: '127.0.0.1', rejectUnauthorized: false });
    mute.on('error', () => undefined);
    await new Promise((resolve) => mute.once('close', resolve));
    await comes(centre, 'box-0001', await enrolled(centre, 'box-0001'));
  });

  it('a chain of more than 100 KB ends the handshake; a long one below it is judged by its first certificate', async () => {
    const who = await enrolled(centre, 'box-0001');
    const filler = who.cert.split(/(?=-----BEGIN)/)[1]!;
    expect((await comes(centre, 'box-0001', { ...who, cert: who.cert + filler.repeat(50) })).connected).toBe(true);
    await expect(comes(centre, 'box-0001', { ...who, cert: who.cert + filler.repeat(400) })).rejects.toThrow();
  });

  it('handshakes that hang count against the connections of their address', async () => {
    const own = withPassphrase();
    const at = await aCentre({ folder: own, config: configIn({ handshakeS: 5, maxConnectionsPerAddress: 3 }) });
    const hanging = await Promise.all(
      [1, 2, 3].map(async () => {
        const socket = connectTcp(at.tlsPort, '127.0.0.1');
        socket.on('error', () => undefined);
        onTestFinished(() => void socket.destroy());
        await new Promise((resolve) => socket.once('connect', resolve));
        return socket;
      }),
    );
    const fourth = connectTcp(at.tlsPort, '127.0.0.1');
    fourth.on('error', () => undefined);
    await new Promise((resolve) => fourth.once('close', resolve));
    expect(hanging.every((s) => !s.destroyed)).toBe(true);
  });
});

let lastFolder = '';
/** A folder with a passphrase of its own in it. */
function withPassphrase(mode = 0o600): string {
  lastFolder = aFolder();
  writeFileSync(join(lastFolder, 'passphrase'), PASSPHRASE, { mode });
  return lastFolder;
}
function configIn(mqtt: object = {}) {
  return config(lastFolder, mqtt);
}
