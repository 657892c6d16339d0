/**
 * The built TV page in a real Chromium, before a bridge and a media node that say whatever a test wants. Driven by keys of the remote
 * only; read from the page's accessible mirror.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TvState } from '@shouwang/protocol';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { FakeBridge } from '../../tv-app/dev/fake-bridge.ts';
import { FakeNode } from '../../tv-app/dev/fake-node.ts';
import { CAMERAS, calm } from '../../tv-app/dev/states.ts';
import { ROOT } from '../harness/service.ts';
import { until } from '../harness/until.ts';

export const SIZES = { 1080: { width: 1920, height: 1080 }, 720: { width: 1280, height: 720 } } as const;
export type Height = keyof typeof SIZES;

export interface TvOptions {
  height?: Height;
  /** What time it is when the page opens, ms since 1970; it goes on from there. */
  startsAt?: number;
  /** Runs in the page before the page's own scripts. */
  script?: string;
  query?: string;
  /** So many times slower than this machine. */
  slowDown?: number;
  flags?: string[];
}

/** The keys of a desktop keyboard that stand for the remote's. */
const KEYS: Record<string, string> = {
  ok: 'Enter',
  back: 'Escape',
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  menu: 'm',
  red: 'r',
  blue: 'b',
  yellow: 'y',
};

export class SimulatedTv {
  readonly bridge: FakeBridge;
  readonly node: FakeNode;
  /** Exceptions of the page. */
  readonly errors: string[] = [];
  page!: Page;
  readonly #folder = mkdtempSync(join(tmpdir(), 'shouwang-tv-'));
  #browser: Browser | undefined;
  #context: BrowserContext | undefined;
  /** ms that the page and its box are ahead of the real clock. */
  #shift = 0;
  #debugger: CDPSession | undefined;

  constructor() {
    this.bridge = new FakeBridge(join(ROOT, 'tv-app/dist'), calm());
    this.node = new FakeNode(this.#folder);
    this.bridge.cameras = CAMERAS;
    mkdirSync(join(this.#folder, 'hls'));
    CAMERAS.forEach(({ id }, i) => {
      writeFileSync(join(this.#folder, `${id}.jpg`), scene(i));
    });
  }

  async turnsOn(options: TvOptions = {}): Promise<this> {
    this.bridge.now = this.node.now = () => this.now();
    await this.node.start();
    this.bridge.mediaUrl = this.node.url;
    await this.bridge.start();
    this.#browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', ...(options.flags ?? [])],
    });
    await this.opens(options);
    return this;
  }

  /** Another page in the same browser, in place of the one before. */
  async opens({ height = 1080, startsAt, script, query = '', slowDown }: TvOptions = {}): Promise<void> {
    await this.#context?.close();
    const context = await this.#browser!.newContext({ viewport: SIZES[height], locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    this.#context = context;
    this.page = await context.newPage();
    this.page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
    this.#shift = startsAt === undefined ? 0 : startsAt - Date.now();
    await this.page.addInitScript(SHIFTED_DATE(this.#shift));
    if (script) await this.page.addInitScript(script);
    if (slowDown !== undefined) {
      const session = await context.newCDPSession(this.page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: slowDown });
    }
    await this.page.goto(this.bridge.url + query);
    await this.shows('data-link', 'up');
    await until(
      'the whole fonts, or the words',
      () => this.page.evaluate(() => ['whole', 'words'].includes(document.documentElement.getAttribute('data-painted') ?? '')),
      60_000,
      50,
    );
  }

  /** What time it is in the page and on its box. */
  now(): number {
    return Date.now() + this.#shift;
  }

  /** The clock of the page and of its box jumps ahead; nobody waits for it. */
  async clockPasses(ms: number): Promise<void> {
    this.#shift += ms;
    await this.page.evaluate(`window.timeShift = ${this.#shift}`);
  }

  /** Six pictures on the wall. */
  stills(): Promise<unknown> {
    return until(
      'six stills',
      async () => (await this.page.locator('#mirror [data-tile]:not([data-still-at=""])').count()) === 6,
      60_000,
      50,
    );
  }

  async read(attribute: string): Promise<string> {
    return (await this.page.locator('#mirror').getAttribute(attribute)) ?? '';
  }

  /** Everything that is said on the screen, in one text. */
  async says(): Promise<string> {
    return (
      (await this.page
        .locator('#mirror')
        .innerText()
        .catch(() => '')) ||
      ((await this.page.locator('#mirror').textContent()) ?? '')
    );
  }

  shows(attribute: string, value: string, timeoutMs = 30_000): Promise<unknown> {
    return until(
      `${attribute} ${value}`,
      async () => {
        const now = await this.read(attribute);
        if (now !== value) throw new Error(`it is ${now}`);
        return true;
      },
      timeoutMs,
      60,
    );
  }

  tells(text: string, timeoutMs = 30_000): Promise<unknown> {
    return until(
      text,
      async () => {
        const now = await this.says();
        if (!now.includes(text)) throw new Error(`it says ${now}`);
        return true;
      },
      timeoutMs,
      60,
    );
  }

  /** Keys of the remote, one after the other: names as in KEYS, or digits. */
  async presses(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(KEYS[key] ?? key);
  }

  /** The box's service says this from now on. Its settings stay as they are. */
  async state(state: TvState): Promise<void> {
    this.bridge.set({ ...state, settings: this.bridge.state.settings });
    // Pushed over the socket; the page takes it before it answers this.
    await until('the state has been taken', async () => (await this.read('data-link')) === 'up', 10_000, 20);
  }

  /** Two frames, so that everything has been drawn. */
  async settles(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 120)))),
    );
  }

  picture(): Promise<Buffer> {
    return this.page.screenshot();
  }

  /** Bytes of the page's heap that are in use, after a full collection. */
  async heap(): Promise<number> {
    this.#debugger = await this.#context!.newCDPSession(this.page);
    await this.#debugger.send('HeapProfiler.collectGarbage');
    const { usedSize } = (await this.#debugger.send('Runtime.getHeapUsage')) as { usedSize: number };
    await this.#debugger.detach();
    return usedSize;
  }

  async turnsOff(): Promise<void> {
    await this.#browser?.close();
    this.node.stop();
    await this.bridge.stop().catch(() => {});
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The page's Date, so much ahead; timers go on as they are. */
const SHIFTED_DATE = (shift: number) => `(() => {
  const Real = Date;
  window.timeShift = ${shift};
  const now = () => Real.now() + window.timeShift;
  function Shifted(...of) { return of.length > 0 ? new Real(...of) : new Real(now()); }
  Shifted.prototype = Real.prototype;
  Object.assign(Shifted, { now, UTC: Real.UTC, parse: Real.parse });
  window.Date = Shifted;
})();`;

/** A still of plain colours: what matters is that each is another one. */
function scene(i: number): Buffer {
  const image = new PNG({ width: 64, height: 36 });
  const colours = [0x6b7f5a, 0x7a6a55, 0x55707a, 0x7a5560, 0x5a6a7a, 0x4f7a6a];
  const colour = colours[i % colours.length]!;
  for (let p = 0; p < 64 * 36; p++) {
    image.data[p * 4] = (colour >> 16) & 255;
    image.data[p * 4 + 1] = (colour >> 8) & 255;
    image.data[p * 4 + 2] = colour & 255;
    image.data[p * 4 + 3] = 255;
  }
  return PNG.sync.write(image);
}
