/**
 * Thunder as two builds of the RDK have it: `legacy` (org.rdk.System, RDKShell, Network) and `new` (PowerManager, RDKWindowManager,
 * NetworkManager). With faults: a missing plugin, an answer that is held back, sockets that drop.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export type ThunderProfile = 'legacy' | 'new';

export interface ThunderOptions {
  profile: ThunderProfile;
  serial?: string;
  mac?: string;
  /** Without it in the query, a connection is refused. */
  token?: string;
  /** Callsigns that this build has not. */
  missing?: string[];
}

interface Call {
  method: string;
  params: unknown;
}

type Method = (sim: ThunderSimulator, params: Record<string, unknown>) => unknown;

const intercepts = (
  method: 'add' | 'delete',
  read: (params: Record<string, unknown>) => Record<string, unknown>,
  answer: unknown,
): Method => {
  return (sim, params) => {
    const { client, keyCode } = read(params);
    if (typeof client !== 'string' || typeof keyCode !== 'number') throw new Error('bad parameters');
    sim.intercepted[method](`${client} ${keyCode}`);
    return answer;
  };
};
const plain = (params: Record<string, unknown>) => params;
const inString = (params: Record<string, unknown>) => JSON.parse(String(params.intercept)) as Record<string, unknown>;

const METHODS: Record<ThunderProfile, Record<string, Method>> = {
  legacy: {
    'DeviceInfo.serialnumber': (sim) => ({ serialnumber: sim.options.serial ?? '' }),
    'DeviceInfo.ethmac': (sim) => ({ eth_mac: sim.options.mac ?? '' }),
    'org.rdk.System.getSerialNumber': (sim) => ({ serialNumber: sim.options.serial ?? '', success: sim.options.serial !== undefined }),
    'org.rdk.System.getPowerState': (sim) => ({ powerState: sim.power, success: true }),
    'org.rdk.Network.getDefaultInterface': () => ({ interface: 'ETHERNET', success: true }),
    'org.rdk.RDKShell.addKeyIntercept': intercepts('add', plain, { success: true }),
    'org.rdk.RDKShell.removeKeyIntercept': intercepts('delete', plain, { success: true }),
  },
  new: {
    'org.rdk.DeviceInfo.serialnumber': (sim) => ({ serialnumber: sim.options.serial ?? '' }),
    'org.rdk.DeviceInfo.ethmac': (sim) => ({ ethMac: sim.options.mac ?? '' }),
    'org.rdk.PowerManager.getPowerState': (sim) => ({ currentState: sim.power, previousState: 'UNKNOWN' }),
    'org.rdk.NetworkManager.GetPrimaryInterface': () => ({ interface: 'eth0' }),
    'org.rdk.RDKWindowManager.addKeyIntercept': intercepts('add', inString, null),
    'org.rdk.RDKWindowManager.removeKeyIntercept': intercepts('delete', inString, null),
  },
};

/** What an absent plugin is answered with: another number in each build, so that nobody relies on one. */
const UNAVAILABLE: Record<ThunderProfile, { code: number; message: string }> = {
  legacy: { code: -32601, message: 'Unknown method.' },
  new: { code: 2, message: 'ERROR_UNAVAILABLE' },
};

export class ThunderSimulator {
  readonly options: ThunderOptions;
  /** Every call, oldest first, with the version taken out of its method. */
  readonly calls: Call[] = [];
  /** `client keyCode` of each key that a program gets whichever is in front. */
  readonly intercepted = new Set<string>();
  /** How many connections were let in. */
  connections = 0;
  power = 'ON';
  url = '';
  readonly missing: Set<string>;
  /** Methods whose answers wait for `answersAll`. */
  readonly held = new Set<string>();
  #waiting: (() => void)[] = [];
  #registered: { socket: WebSocket; callsign: string; event: string; id: string }[] = [];
  #server: Server | undefined;
  #sockets: WebSocketServer | undefined;

  constructor(options: ThunderOptions) {
    this.options = options;
    this.missing = new Set(options.missing);
  }

  /** Listens on `port` of 127.0.0.1; 0: a free one. */
  async start(port = 0): Promise<this> {
    const server = createServer((_req, res) => res.writeHead(404).end());
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has('jsonrpc') ? 'jsonrpc' : false) });
    server.on('upgrade', (req, socket, head) => {
      if (!this.#admits(req)) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      sockets.handleUpgrade(req, socket, head, (ws) => this.#serve(ws));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#server = server;
    this.#sockets = sockets;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/jsonrpc`;
    return this;
  }

  async stop(): Promise<void> {
    this.dropSockets();
    const server = this.#server;
    this.#server = undefined;
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Fault: every connection breaks without a word. */
  dropSockets(): void {
    for (const socket of this.#sockets?.clients ?? []) socket.terminate();
    this.#registered = [];
  }

  /** Ends the fault `held`: what was held back is answered, late. */
  answersAll(): void {
    this.held.clear();
    for (const answer of this.#waiting.splice(0)) answer();
  }

  /** The box goes to a power state, and says so to whoever registered. */
  goesTo(state: string): void {
    const before = this.power;
    this.power = state;
    this.#emit('org.rdk.System', 'onSystemPowerStateChanged', { powerState: state, currentPowerState: before });
    this.#emit('org.rdk.PowerManager', 'onPowerModeChanged', { currentState: before, newState: state });
  }

  /** An address was lost or got. */
  networkChanges(): void {
    this.#emit('org.rdk.Network', 'onIPAddressStatusChanged', { interface: 'ETHERNET', ip4Address: '192.0.2.7', status: 'ACQUIRED' });
    this.#emit('org.rdk.NetworkManager', 'onInternetStatusChange', { prevState: 0, state: 3, status: 'FULLY_CONNECTED' });
  }

  /** Whether somebody listens to `event`. */
  listens(event: string): boolean {
    return this.#registered.some((r) => r.event === event);
  }

  #admits(req: IncomingMessage): boolean {
    const url = new URL(req.url ?? '/', 'ws://thunder');
    return url.pathname === '/jsonrpc' && (this.options.token === undefined || url.searchParams.get('token') === this.options.token);
  }

  #serve(socket: WebSocket): void {
    this.connections++;
    socket.on('message', (data) => {
      const { id, jsonrpc, method, params } = JSON.parse(String(data)) as {
        id: number;
        jsonrpc: unknown;
        method: string;
        params?: unknown;
      };
      const name = method.replace(/\.\d+\.(?=\w+$)/, '.');
      this.calls.push({ method: name, params });
      const answer = () => socket.send(JSON.stringify({ jsonrpc: '2.0', id, ...this.#answer(socket, jsonrpc, name, params) }));
      if (this.held.has(name) || this.held.has('*')) this.#waiting.push(answer);
      else answer();
    });
  }

  #answer(socket: WebSocket, jsonrpc: unknown, name: string, params: unknown): object {
    const { profile } = this.options;
    const callsign = name.slice(0, name.lastIndexOf('.'));
    const method = METHODS[profile][name];
    const present = Object.keys(METHODS[profile]).some((m) => m.startsWith(`${callsign}.`)) && !this.missing.has(callsign);
    if (jsonrpc !== '2.0' || !present) return { error: UNAVAILABLE[profile] };
    try {
      if (name.endsWith('.register')) return { result: this.#register(socket, callsign, params as { event: string; id: string }) };
      if (!method) return { error: UNAVAILABLE[profile] };
      return { result: method(this, (params ?? {}) as Record<string, unknown>) };
    } catch (error) {
      return { error: { code: 1, message: (error as Error).message } };
    }
  }

  #register(socket: WebSocket, callsign: string, { event, id }: { event: string; id: string }): number {
    if (this.#registered.some((r) => r.socket === socket && r.callsign === callsign && r.event === event)) throw new Error('duplicate');
    this.#registered.push({ socket, callsign, event, id });
    return 0;
  }

  #emit(callsign: string, event: string, params: object): void {
    for (const r of this.#registered)
      if (r.callsign === callsign && r.event === event)
        r.socket.send(JSON.stringify({ jsonrpc: '2.0', method: `${r.id}.${event}`, params }));
  }
}
