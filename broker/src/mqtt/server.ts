/**
 * The MQTT broker inside the centre: aedes with its hooks, on a TCP listener of ours.
 * `concurrency: 0` because mqemitter drains a bounded queue by recursion and overflows the stack in a storm.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { CodedError, parseBoxDown, topics } from '@shouwang/protocol';
import { envName } from '@shouwang/protocol/config';
import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client, type ConnectPacket, type PublishPacket } from 'aedes';
import type { Clock } from '../clock.ts';
import { type BrokerConfig, ENV_PREFIX } from '../config.ts';
import type { Directory } from '../enrolment/directory.ts';
import type { Log } from '../log.ts';
import type { Certificates } from '../pki/certificates.ts';
import type { ServerIdentity } from '../pki/server-identity.ts';
import { type IntegratorRights, mayReceive, maySubscribe, type PayloadFacts } from './acl.ts';
import type { Connections } from './connections.ts';
import { admit } from './door.ts';
import { heldUntil } from './hold.ts';
import { type BoxPaces, paceOfParty } from './pace.ts';
import { guardPacketSize } from './packet-guard.ts';
import type { Principal } from './principal.ts';
import { presentedCertificate, TlsFront } from './tls.ts';
import { Turns } from './turns.ts';
import { keepFromOthers } from './unrouted.ts';

/** What becomes of an inbound publish: acknowledged, acknowledged and kept as retained state, or the connection is closed. */
export type Verdict = 'accepted' | 'retained' | 'closed';

/** What the broker needs from the rest of the centre. */
export interface MqttHandlers {
  /** Resolves after the commit. Rejects with a coded error; STORE_UNAVAILABLE is tried again within the bound. */
  receive(principal: Principal, topic: string, payload: Buffer): Promise<Verdict>;
  /** A message was not taken because its sender sends more than it may. It is acknowledged all the same. */
  tooFast(principal: Principal, topic: string, payload: Buffer): void;
  /** A connection was refused at the door. */
  refused(refusal: { client: string; code: CodedError['code']; reason: string }): void;
  /** A client subscribed. */
  subscribed(principal: Principal, filters: string[]): void;
}

/** What the centre needs of an MQTT broker. Ours is embedded; another one can stand in front of the same intake. */
export interface MqttFront {
  /** Prepares it; nobody can connect yet, but publishing works. */
  open(): Promise<void>;
  /** Lets boxes in. Throws PORT_BUSY. Returns the ports; `tls` is 0 where TLS is off. */
  listen(): Promise<{ plain: number; tls: number }>;
  /**
   * Publishes from the centre. `done` is called once it was handed over. `retained`: it is the state that a new subscription brings
   * [MQTT-3.3.1-8]; to those that stood before, the same is said without [MQTT-3.3.1-9].
   */
  publish(topic: string, payload: string, done?: () => void, retained?: boolean): void;
  /** Closes a box's connection, if it has one. */
  cut(boxId: string): void;
  /** Its TLS listener, where it has one, goes on with a new certificate, or the day's ticket key. */
  renewTls(identity: ServerIdentity): void;
  close(): Promise<void>;
}

export interface MqttOptions {
  config: BrokerConfig['mqtt'];
  directory: Directory;
  connections: Connections;
  /** Shared with whatever else boxes come in by. */
  boxPaces: BoxPaces;
  /** What the TLS listener needs; undefined: there is none. */
  tls: { certificates: Certificates; identity: ServerIdentity } | undefined;
  handlers: MqttHandlers;
  clock: Clock;
  log: Log;
}

type Deliver = (packet: PublishPacket, done: () => void) => void;
/** Of an aedes client: what hands a message over, by filter; and past the filters, as retained ones go out. */
interface Hearer {
  subscriptions: { [filter: string]: { func: Deliver } | undefined };
  deliverQoS: Deliver;
}

/** aedes' stream error after this long without reading: the client is cut. */
const DRAIN_TIMEOUT_MS = 10_000;
const NOT_AUTHORIZED = 5;
/** So long is the PUBACK of a message too many held: a client that shouts cannot keep the centre busy with listening. */
const EXCESS_HELD_MS = 100;
/** A node's whole catalogue is one message: up to `MAX_CAMERAS_A_NODE`, whose names and places are as long as they may be. */
const CATALOGUE_BYTES = 8 * 1024 * 1024;

export class MqttServer implements MqttFront {
  readonly #o: MqttOptions;
  readonly #asked = new WeakMap<Client, ConnectPacket>();
  readonly #perAddress = new Map<string, number>();
  readonly #sockets = new Set<Socket>();
  readonly #turns = new Turns();
  #aedes!: Aedes;
  readonly #servers: Server[] = [];
  #tls: TlsFront | undefined;

  constructor(options: MqttOptions) {
    this.#o = options;
  }

  /** Prepares the broker; nobody can connect yet, but publishing works. */
  async open(): Promise<void> {
    this.#aedes = await Aedes.createBroker({
      concurrency: 0,
      connectTimeout: this.#o.config.handshakeS * 1000,
      drainTimeout: DRAIN_TIMEOUT_MS,
      maxTopicLevels: this.#o.config.maxTopicLevels,
      maxInflightInbound: this.#o.config.maxInflight,
      preConnect: (client, packet, done) => {
        this.#asked.set(client, packet);
        // Sessions live in memory only: claiming to keep one would be a lie after a restart. State comes from the store.
        packet.clean = true;
        done(null, true);
      },
      authenticate: (client, _user, password, done) => this.#authenticate(client, password, done),
      authorizePublish: (client, packet, done) => this.#authorizePublish(client, packet, done),
      authorizeSubscribe: (client, sub, done) => done(null, this.#maySubscribe(client, sub.topic) ? sub : null),
      authorizeForward: (client, packet) => this.#authorizeForward(client, packet),
    });
    keepFromOthers(this.#aedes);
    // Without a listener an error of the broker's own would end the process.
    (this.#aedes as NodeJS.EventEmitter).on('error', (error: Error) => this.#o.log.error({ err: error }, 'MQTT broker'));
    // One that left while its predecessor was being closed is announced all the same, and would be "online" for ever.
    this.#aedes.on('client', (client) => {
      if (client.closed) return;
      // Revoked between its CONNECT and now: nobody else would close it.
      if (this.#isRevoked(client)) (client.conn as Socket).destroy();
      else this.#o.connections.opened(client);
    });
    this.#aedes.on('clientDisconnect', (client) => this.#o.connections.closed(client));
    this.#aedes.on('clientError', (client, error) => this.#o.log.debug({ client: client.id, reason: error.message }, 'connection error'));
    this.#aedes.on('connectionError', (_client, error) => this.#o.log.debug({ reason: error.message }, 'connection error'));
    this.#aedes.on('subscribe', (subs, client) => {
      const principal = this.#o.connections.of(client)?.principal;
      const granted = subs.filter((s) => s.qos !== (128 as typeof s.qos)).map((s) => s.topic);
      if (principal && granted.length > 0) this.#o.handlers.subscribed(principal, granted);
    });
  }

  /** Listens. Throws PORT_BUSY. Returns the ports; `tls` is 0 where TLS is off. */
  async listen(): Promise<{ plain: number; tls: number }> {
    const { config, clock, handlers, tls } = this.#o;
    const plain = await this.#listen(config.host, config.port, 'mqtt.port', (socket) => this.#handle(socket));
    if (!tls) return { plain, tls: 0 };
    const front = new TlsFront({
      identity: tls.identity,
      now: clock.now(),
      handshakeMs: config.handshakeS * 1000,
      opened: (socket) => this.#handle(socket),
      failed: ({ address, code, reason }) => handlers.refused({ client: `tls:${address}`, code, reason }),
    });
    this.#tls = front;
    return { plain, tls: await this.#listen(config.tls.host, config.tls.port, 'mqtt.tls.port', (socket) => front.take(socket)) };
  }

  /** The listener goes on with a new certificate, or the day's ticket key. */
  renewTls(identity: ServerIdentity): void {
    this.#tls?.renew(identity, this.#o.clock.now());
  }

  async #listen(host: string, port: number, key: string, take: (socket: Socket) => void): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => {
      if (this.#counted(socket)) take(socket);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE' || error.code === 'EACCES'
            ? new CodedError(
                'PORT_BUSY',
                `MQTT of the broker wants ${host}:${port} (${error.code}); change ${key} or ${envName(ENV_PREFIX, key)}`,
              )
            : error,
        ),
      );
      // 100 places in the queue cost a second of SYN retries when ten thousand boxes come back at once.
      server.listen({ host, port, backlog: 4096 }, resolve);
    });
    // Accepting may fail later (no file handles left): the connections that stand go on.
    server.on('error', (error) => this.#o.log.error({ err: error }, 'MQTT listener'));
    return (server.address() as { port: number }).port;
  }

  /** Publishes from the centre. `done` is called once it was written to every subscriber that reads. */
  publish(topic: string, payload: string, done: () => void = () => undefined, retained = false): void {
    const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: retained, dup: false } as const;
    const box = parseBoxDown(topic);
    if (box) {
      this.#tellBox(box.boxId, packet, done);
      return;
    }
    // Always QoS 1: aedes drops a message that overtook an earlier one, and QoS 0 takes another way through it.
    this.#aedes.publish(packet, (error) => {
      if (!error) done();
    });
  }

  /**
   * What is said to a box only that box may hear, and no session outlives its connection: nobody else's subscriptions need to be
   * searched. Everything said to boxes goes this way, or the long one would be overtaken.
   */
  #tellBox(boxId: string, packet: PublishPacket, done: () => void): void {
    const client = this.#o.connections.ofBox(boxId) as unknown as Hearer | undefined;
    const subscription = client?.subscriptions[topics.boxDownAny(boxId)] ?? client?.subscriptions[packet.topic];
    if (!client || !subscription) setImmediate(done);
    // A subscription's own way takes the flag away.
    else if (packet.retain) client.deliverQoS(packet, done);
    else subscription.func(packet, done);
  }

  /** Closes a box's connection, if it has one. Its last will says that it is offline. */
  cut(boxId: string): void {
    const client = this.#o.connections.ofBox(boxId);
    if (!client) return;
    this.#o.log.info({ client: client.id }, 'cut off');
    (client.conn as Socket).destroy();
  }

  async close(): Promise<void> {
    const closed = Promise.all(this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
    if (this.#aedes) await new Promise<void>((resolve) => this.#aedes.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Whether there is room for one more, in all and from this address; counted from the first byte on, handshakes too. */
  #counted(socket: Socket): boolean {
    const address = socket.remoteAddress ?? '';
    const count = (this.#perAddress.get(address) ?? 0) + 1;
    const { maxConnections, maxConnectionsPerAddress } = this.#o.config;
    if (count > maxConnectionsPerAddress || this.#sockets.size >= maxConnections) {
      socket.destroy();
      return false;
    }
    this.#perAddress.set(address, count);
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    });
    return true;
  }

  #handle(socket: Socket): void {
    const client = this.#aedes.handle(socket);
    const { maxPacketBytes, maxConnectBytes } = this.#o.config;
    guardPacketSize(client, () => {
      if (!client.connecting && !client.connected) return maxConnectBytes;
      const isNode = this.#o.connections.of(client)?.principal.kind === 'media';
      return isNode ? Math.max(maxPacketBytes, CATALOGUE_BYTES) : maxPacketBytes;
    });
  }

  #authenticate(client: Client, password: Buffer | undefined, done: (error: AuthenticateError | null, ok: boolean | null) => void): void {
    const asked = this.#asked.get(client);
    const { connections, directory, config, handlers, clock, tls } = this.#o;
    const clientId = asked?.clientId ?? '';
    const shown = presentedCertificate(client.conn);
    const admission = admit(directory, config, {
      clientId,
      userName: asked?.username,
      password: password?.toString('utf8') ?? '',
      keepAliveS: asked?.keepalive ?? 0,
      willTopic: asked?.will?.topic,
      tls: client.conn instanceof TLSSocket,
      certificate: shown && tls?.certificates.judge(shown),
    });
    const refusal = admission.ok
      ? connections.belongsToAnother(clientId, admission.principal)
        ? { code: 'NOT_ALLOWED' as const, reason: 'client id is in use by another' }
        : undefined
      : admission;
    if (!admission.ok || refusal) {
      handlers.refused({ client: clientId.slice(0, 100), code: refusal!.code, reason: refusal!.reason });
      // One return code for every reason: the answer must not tell which boxes exist.
      done(Object.assign(new Error('not authorized'), { returnCode: NOT_AUTHORIZED }) as AuthenticateError, false);
      return;
    }
    const { principal, certificate } = admission;
    if (certificate && principal.kind === 'box') {
      tls?.certificates.cameWith(principal.boxId, certificate.serial, certificate.expiredAt);
      if (principal.expired)
        handlers.refused({
          client: clientId,
          code: 'CERT_EXPIRED',
          reason: `expired at ${new Date(certificate.expiredAt ?? 0).toISOString()}: in for alarms and renewal alone`,
        });
    }
    const pace = principal.kind === 'box' ? this.#o.boxPaces.of(principal.boxId) : paceOfParty(clock, config);
    connections.admitted(client, { principal, keepAliveS: asked?.keepalive ?? 0, pace });
    done(null, true);
  }

  #maySubscribe(client: Client, filter: string): boolean {
    const { connections, config } = this.#o;
    const principal = connections.of(client)?.principal;
    if (!principal || Buffer.byteLength(filter) > config.maxFilterBytes) return false;
    // aedes keeps what was granted so far, also from this same packet.
    const granted = Object.keys((client as unknown as { subscriptions: object }).subscriptions);
    if (granted.length >= config.maxSubscriptions && !granted.includes(filter)) return false;
    return maySubscribe(principal, filter, this.#rights(principal).areas);
  }

  #authorizePublish(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    const connection = client ? this.#o.connections.of(client) : undefined;
    if (!client || !connection) {
      done(new Error('nobody'));
      return;
    }
    // The will of a connection that was taken over would say "offline" about a box that is here.
    if (this.#o.connections.isReplaced(client)) {
      done(new Error('replaced by a newer connection'));
      return;
    }
    const { principal, keepAliveS, pace } = connection;
    const boundMs = Math.min(this.#o.config.holdS, keepAliveS * 0.75) * 1000;
    // A last will comes once, when the connection is gone: lost among too many, a box would stay "online".
    const waitMs = client.closed ? 0 : pace.turn(packet.topic, boundMs / 2);
    if (waitMs === undefined) {
      this.#o.handlers.tooFast(principal, packet.topic, payloadOf(packet));
      packet.retain = false;
      this.#o.clock.after(EXCESS_HELD_MS, () => done(null));
    } else if (waitMs > 0) this.#o.clock.after(waitMs, () => this.#receive(principal, boundMs / 2, packet, done));
    else this.#receive(principal, boundMs, packet, done);
  }

  /** Holds the PUBACK until the commit. While it waits, for its turn too, no PINGREQ is read: hence less than the keep-alive together. */
  #receive(principal: Principal, boundMs: number, packet: PublishPacket, done: (error?: Error | null) => void): void {
    const { clock, handlers, log } = this.#o;
    heldUntil(clock, boundMs, () => handlers.receive(principal, packet.topic, payloadOf(packet))).then(
      (verdict) => {
        packet.retain = verdict === 'retained' && packet.retain;
        done(verdict === 'closed' ? new Error('not allowed') : null);
      },
      (error: CodedError) => {
        log.warn({ topic: packet.topic, code: error.code, detail: error.detail }, 'publish not acknowledged, connection closed');
        done(error);
      },
    );
  }

  #authorizeForward(client: Client, packet: AedesPublishPacket): AedesPublishPacket | null {
    const principal = this.#o.connections.of(client)?.principal;
    if (!principal) return null;
    const socket = client.conn as Socket;
    if (socket.writableLength > this.#o.config.maxBufferBytes) {
      this.#o.log.warn({ client: client.id }, 'reads too slowly, cut off');
      socket.destroy();
      return null;
    }
    if (!mayReceive(principal, packet.topic, this.#rights(principal), aboutEvent(packet))) return null;
    this.#turns.writes(socket);
    return packet;
  }

  #isRevoked(client: Client): boolean {
    const principal = this.#o.connections.of(client)?.principal;
    return principal?.kind === 'box' && this.#o.directory.boxes.get(principal.boxId)?.revoked === true;
  }

  #rights(principal: Principal): IntegratorRights {
    return (principal.kind === 'integrator' && this.#o.directory.integrators.get(principal.name)) || NO_RIGHTS;
  }
}

const NO_RIGHTS: IntegratorRights = { areas: [], maySeeSilent: false };
/** Inside a JSON text these quotes are escaped: found in the centre's own payloads it can only be the key itself. */
const SILENT_MARK = '"silent":true';

function aboutEvent(packet: AedesPublishPacket): PayloadFacts {
  return { area: () => areaIn(packet), silent: () => packet.payload.includes(SILENT_MARK) };
}

function payloadOf(packet: PublishPacket): Buffer {
  return typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
}

/** The area in a case event's payload: needed only for grids, which the topic does not spell. */
function areaIn(packet: AedesPublishPacket): string | undefined {
  try {
    const area = (JSON.parse(packet.payload.toString()) as { data?: { area?: unknown } }).data?.area;
    return typeof area === 'string' ? area : undefined;
  } catch {
    return undefined;
  }
}
