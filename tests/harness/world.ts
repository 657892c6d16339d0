/**
 * A whole small world on this machine: a centre, a media node with sample cameras, boxes. Real processes with their own
 * mains, on free ports, in a directory of their own.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActivationIssued, adminPaths } from '@shouwang/protocol';
import { stringify } from 'yaml';
import { sampleCatalogue } from '../../media-server/sample-cameras/catalogue.ts';
import { postToSocket } from './admin-socket.ts';
import type { Mains } from './bundle.ts';
import { Integrator } from './integrator.ts';
import { Operator } from './operator.ts';
import { freePorts } from './ports.ts';
import { ROOT, Service } from './service.ts';
import { until } from './until.ts';
import { Villager } from './villager.ts';

export const VILLAGE = '522328101201';
export const CENTRE_PHONE = '0859-555-0110';

export interface WorldOptions {
  /** How many boxes are enrolled; each is started by `world.box(i)`. Default 1. */
  boxes?: number;
  /** In which area each of them stands; the village unless given. */
  areas?: (string | undefined)[];
  /** Starts the media node and the sample cameras too. Default false. */
  pictures?: boolean;
  /** Bundles that start faster than the sources. */
  mains?: Mains | undefined;
  /** More variables for the services. */
  brokerEnv?: Record<string, string>;
  mediaEnv?: Record<string, string>;
  bridgeEnv?: Record<string, string>;
  /** Cameras of the media node instead of the samples. */
  cameras?: unknown[];
}

interface Secrets {
  operator: string;
  admin: string;
  auditor: string;
  integrator: string;
  media: string;
  boxes: string[];
}

export class World {
  readonly dir = mkdtempSync(join(tmpdir(), 'shouwang-world-'));
  readonly options: WorldOptions;
  readonly secrets: Secrets;
  ports!: { mqtt: number; http: number; media: number; webrtc: number; rtsp: number };
  broker!: Service;
  media: Service | undefined;
  samples: Service | undefined;
  readonly #boxes = new Map<number, Service>();
  readonly #operators: Operator[] = [];
  readonly #integrators: Integrator[] = [];
  readonly #villagers: Villager[] = [];
  readonly #bridgePorts = new Map<number, number>();

  constructor(options: WorldOptions = {}) {
    this.options = options;
    const secret = () => randomBytes(32).toString('base64url');
    this.secrets = {
      operator: secret(),
      admin: secret(),
      auditor: secret(),
      integrator: secret(),
      media: secret(),
      boxes: Array.from({ length: options.boxes ?? 1 }, secret),
    };
  }

  boxId(i: number): string {
    return `box-${String(i + 1).padStart(4, '0')}`;
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  get mediaUrl(): string {
    return `http://127.0.0.1:${this.ports.media}`;
  }

  get consoleUrl(): string {
    return `${this.httpUrl}/console`;
  }

  /** Chooses ports, writes the enrolment, starts the centre and, if wanted, the media side. */
  async starts(): Promise<this> {
    const [mqtt = 0, http = 0, media = 0, webrtc = 0, rtsp = 0] = await freePorts(5);
    this.ports = { mqtt, http, media, webrtc, rtsp };
    for (const port of await freePorts(Math.min(this.options.boxes ?? 1, 20))) this.#bridgePorts.set(this.#bridgePorts.size, port);
    writeFileSync(join(this.dir, 'enrolment.yaml'), stringify(this.enrolment()), { mode: 0o600 });
    this.broker = new Service({
      name: 'broker',
      main: this.options.mains?.broker ?? 'broker/src/main.ts',
      cwd: this.dir,
      logFile: join(this.dir, 'logs/broker.log'),
      env: {
        SHOUWANG_BROKER_HTTP_PORT: String(http),
        SHOUWANG_BROKER_MQTT_PORT: String(mqtt),
        SHOUWANG_BROKER_DATA_DIR: join(this.dir, 'broker'),
        SHOUWANG_BROKER_HTTP_CONSOLE_DIR: join(ROOT, 'console/dist'),
        SHOUWANG_BROKER_ENROLMENT_FILE: join(this.dir, 'enrolment.yaml'),
        ...this.options.brokerEnv,
      },
    });
    await this.broker.start();
    if (this.options.pictures) await this.startsPictures();
    return this;
  }

  async startsPictures(): Promise<void> {
    const { rtsp, media, webrtc, mqtt, http } = this.ports;
    if (!this.options.cameras) {
      this.samples = new Service({
        name: 'sample cameras',
        main: 'media-server/sample-cameras/main.ts',
        args: ['--port', String(rtsp)],
        cwd: this.dir,
        logFile: join(this.dir, 'logs/sample-cameras.log'),
        env: {},
      });
      await this.samples.start();
    }
    writeFileSync(
      join(this.dir, 'cameras.yaml'),
      stringify({ cameras: this.options.cameras ?? sampleCatalogue(`rtsp://127.0.0.1:${rtsp}`) }),
    );
    writeFileSync(join(this.dir, 'media.secret'), this.secrets.media, { mode: 0o600 });
    this.media = new Service({
      name: 'media-server',
      main: 'media-server/src/main.ts',
      cwd: this.dir,
      logFile: join(this.dir, 'logs/media-server.log'),
      env: {
        SHOUWANG_MEDIA_HTTP_PORT: String(media),
        SHOUWANG_MEDIA_HTTP_PUBLIC_URL: this.mediaUrl,
        SHOUWANG_MEDIA_HTTP_ALLOWED_ORIGINS: JSON.stringify([
          this.httpUrl,
          ...[...this.#bridgePorts.values()].map((p) => `http://127.0.0.1:${p}`),
        ]),
        SHOUWANG_MEDIA_WEBRTC_PORT: String(webrtc),
        // A second worker would take the next port, which may be anybody's here.
        SHOUWANG_MEDIA_WEBRTC_WORKERS: '1',
        SHOUWANG_MEDIA_CAMERAS_FILE: join(this.dir, 'cameras.yaml'),
        SHOUWANG_MEDIA_CENTRE_MQTT_URL: `mqtt://127.0.0.1:${mqtt}`,
        SHOUWANG_MEDIA_CENTRE_JWKS_URL: `http://127.0.0.1:${http}/api/v1/jwks.json`,
        SHOUWANG_MEDIA_CENTRE_NODE: 'media-01',
        SHOUWANG_MEDIA_CENTRE_SECRET_FILE: join(this.dir, 'media.secret'),
        SHOUWANG_MEDIA_DATA_DIR: join(this.dir, 'media-server'),
        ...this.options.mediaEnv,
      },
    });
    await this.media.start();
  }

  /** Starts box `i` (0-based), or starts it again with the flash that it had. */
  async box(i = 0): Promise<Service> {
    const port = this.#bridgePorts.get(i);
    const flash = join(this.dir, this.boxId(i));
    mkdirSync(flash, { recursive: true });
    writeFileSync(join(flash, 'secret'), this.secrets.boxes[i] ?? '', { mode: 0o600 });
    const service =
      this.#boxes.get(i) ??
      new Service({
        name: this.boxId(i),
        main: this.options.mains?.box ?? 'firmware-bridge/simulator/main.ts',
        cwd: this.dir,
        logFile: join(this.dir, `logs/${this.boxId(i)}.log`),
        env: {
          SHOUWANG_BRIDGE_HTTP_PORT: String(port),
          SHOUWANG_BRIDGE_BOX_ID: this.boxId(i),
          SHOUWANG_BRIDGE_BOX_SECRET_FILE: join(flash, 'secret'),
          SHOUWANG_BRIDGE_CENTRE_MQTT_URL: `mqtt://127.0.0.1:${this.ports.mqtt}`,
          SHOUWANG_BRIDGE_CENTRE_PHONE: CENTRE_PHONE,
          SHOUWANG_BRIDGE_DATA_DIR: flash,
          SHOUWANG_BRIDGE_HTTP_TV_APP_DIR: join(ROOT, 'tv-app/dist'),
          ...this.options.bridgeEnv,
        },
      });
    this.#boxes.set(i, service);
    await service.start();
    return service;
  }

  /** The process of box `i`, which `box` started before. */
  boxService(i = 0): Service {
    const service = this.#boxes.get(i);
    if (!service) throw new Error(`${this.boxId(i)} was never started`);
    return service;
  }

  tvUrl(i = 0): string {
    return `http://127.0.0.1:${this.#bridgePorts.get(i)}/tv`;
  }

  /** The TV page for boxes without a daemon, at the centre (`SHOUWANG_BROKER_HTTP_TV_APP_DIR` must be set). */
  get centreTvUrl(): string {
    return `${this.httpUrl}/tv/`;
  }

  /** What the engineer asks the centre for: a code for box `i`. */
  async activationCode(i = 0): Promise<string> {
    const socket = join(this.dir, 'broker/admin.sock');
    return (await postToSocket<ActivationIssued>(socket, adminPaths.activation(this.boxId(i)))).code;
  }

  /** A villager in front of box `i`, with the TV on. */
  async villager(i = 0): Promise<Villager> {
    const villager = new Villager(this.tvUrl(i));
    await villager.turnsOnTheTv();
    this.#villagers.push(villager);
    return villager;
  }

  /** A villager whose box has reached the centre. */
  async connectedVillager(i = 0): Promise<Villager> {
    const villager = await this.villager(i);
    await until(
      'the box has reached the centre',
      () => {
        const centre = villager.state?.centre;
        if (!centre?.connected || centre.staffed === undefined) throw new Error(JSON.stringify(centre));
        return true;
      },
      60_000,
    );
    return villager;
  }

  /** An operator who is logged in and listens. */
  async operator(): Promise<Operator> {
    const operator = await this.operatorAway();
    await operator.listens();
    await until('the feed says how many operators there are', () => (operator.centre.at(-1)?.operators ?? 0) > 0);
    return operator;
  }

  /** An operator who is logged in, but whose console is not open. */
  async operatorAway(): Promise<Operator> {
    const operator = new Operator(this.httpUrl);
    await operator.logsIn('zhiban', this.secrets.operator);
    this.#operators.push(operator);
    return operator;
  }

  /** The centre's administrator, or an auditor, logged in. */
  async person(user: 'guanli' | 'shenji'): Promise<Operator> {
    const person = new Operator(this.httpUrl);
    await person.logsIn(user, user === 'guanli' ? this.secrets.admin : this.secrets.auditor);
    return person;
  }

  integrator(name = '110'): Integrator {
    const integrator = new Integrator(name, this.secrets.integrator, this.ports.mqtt);
    this.#integrators.push(integrator);
    return integrator;
  }

  /** Everything ends; no process stays, and no file unless `keep`. */
  async ends({ keep = Boolean(process.env.KEEP_WORLD) } = {}): Promise<void> {
    for (const villager of this.#villagers) villager.turnsOffTheTv();
    await Promise.all([...this.#operators.map((o) => o.stopsListening()), ...this.#integrators.map((i) => i.leaves())]);
    await Promise.all([...this.#boxes.values()].map((b) => b.stop()));
    await Promise.all([this.media?.stop(), this.samples?.stop()]);
    await this.broker?.stop();
    if (keep) console.error(`kept: ${this.dir}`);
    else rmSync(this.dir, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Who and what this world's centre knows. */
  enrolment() {
    return {
      areas: { '522328': '安和县', '522328101': '平安镇', [VILLAGE]: '平安村' },
      operators: [
        { user: 'zhiban', name: '李值班', post: '综治中心值班员', role: 'operator', password: this.secrets.operator },
        { user: 'guanli', name: '张主任', post: '综治中心主任', role: 'admin', password: this.secrets.admin },
        { user: 'shenji', name: '陈审计', post: '审计员', role: 'auditor', password: this.secrets.auditor },
      ],
      boxes: this.secrets.boxes.map((secret, i) => ({
        boxId: this.boxId(i),
        secret,
        name: i === 0 ? '王秀英' : `住户${i + 1}`,
        address: `平安村3组${i + 12}号`,
        phone: `139${String(i + 1).padStart(8, '0')}`,
        area: this.options.areas?.[i] ?? VILLAGE,
        position: { lat: 25.101, lon: 105.471 },
      })),
      integrators: [
        { name: '110', secret: this.secrets.integrator, mayCommand: true, maySeeHouseholds: true, areas: ['522328'] },
        { name: '119', secret: this.secrets.integrator, maySeeSilent: true, areas: ['522328'] },
      ],
      mediaNodes: [{ node: 'media-01', secret: this.secrets.media }],
    };
  }
}

/** Starts a world; use with `await using` or call `ends()`. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const world = new World(options);
  try {
    return await world.starts();
  } catch (error) {
    await world.ends();
    throw error;
  }
}
