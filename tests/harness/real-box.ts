/** A box of a world with the main of production: its platform is probed or configured, its remote is what the test plugs in. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from './ports.ts';
import { ROOT, Service } from './service.ts';
import { Villager } from './villager.ts';
import { CENTRE_PHONE, type World } from './world.ts';

export class RealBox {
  /** Where its input devices are. */
  readonly inputDir: string;
  readonly #service: Service;
  readonly #tvUrl: string;
  readonly #villagers: Villager[] = [];

  private constructor(service: Service, tvUrl: string, inputDir: string) {
    this.#service = service;
    this.#tvUrl = tvUrl;
    this.inputDir = inputDir;
  }

  /** Box `i` of `world`, ready to be started. `env` holds what makes it this kind of box. */
  static async of(world: World, i: number, env: Record<string, string>): Promise<RealBox> {
    const [port = 0] = await freePorts(1);
    const flash = join(world.dir, world.boxId(i));
    const inputDir = join(flash, 'input');
    mkdirSync(inputDir, { recursive: true });
    writeFileSync(join(flash, 'secret'), world.secrets.boxes[i] ?? '', { mode: 0o600 });
    const service = new Service({
      name: world.boxId(i),
      main: 'firmware-bridge/src/main.ts',
      cwd: world.dir,
      logFile: join(world.dir, `logs/${world.boxId(i)}.log`),
      env: {
        SHOUWANG_BRIDGE_HTTP_PORT: String(port),
        SHOUWANG_BRIDGE_BOX_SECRET_FILE: join(flash, 'secret'),
        SHOUWANG_BRIDGE_CENTRE_MQTT_URL: `mqtt://127.0.0.1:${world.ports.mqtt}`,
        SHOUWANG_BRIDGE_CENTRE_PHONE: CENTRE_PHONE,
        SHOUWANG_BRIDGE_DATA_DIR: flash,
        SHOUWANG_BRIDGE_HTTP_TV_APP_DIR: join(ROOT, 'tv-app/dist'),
        SHOUWANG_BRIDGE_EVDEV_DIR: inputDir,
        SHOUWANG_BRIDGE_EVDEV_EVENT_BYTES: '24',
        ...env,
      },
    });
    return new RealBox(service, `http://127.0.0.1:${port}/tv`, inputDir);
  }

  async starts(): Promise<this> {
    await this.#service.start();
    return this;
  }

  /** Somebody in front of it, with the TV on. */
  async villager(): Promise<Villager> {
    const villager = new Villager(this.#tvUrl);
    await villager.turnsOnTheTv();
    this.#villagers.push(villager);
    return villager;
  }

  async ends(): Promise<void> {
    for (const villager of this.#villagers) villager.turnsOffTheTv();
    await this.#service.stop();
  }
}
