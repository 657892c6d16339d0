/**
 * A set-top browser without a daemon, as a page sees it: the middleware's global objects, and a remote whose keys come as that middleware
 * sends them: its own key codes, infrared repeats (500 ms, then every 125 ms), no key-up.
 */
import { KEY_TABLES } from '@shouwang/protocol/key-tables';
import type { Screen } from './browser.ts';
import { TvScreen } from './tv-screen.ts';
import { until } from './until.ts';

interface Box {
  family: 'ipanel' | 'coship' | 'iptv';
  /** JavaScript that runs before the page's own. */
  objects: string;
}

export const BOXES = {
  ipanel: {
    family: 'ipanel',
    objects: `
      window.CA = { card: { serialNumber: '8531002345678901' } };
      window.hardware = { STB: { serial: 'IP-0042-77' } };
      window.network = { ethernets: [{ MACAddress: '00:1A:2B:3C:4D:5E' }] };`,
  },
  iptv: {
    family: 'iptv',
    objects: `
      window.Authentication = {
        CTCGetConfig: (name) => (name === 'STBID' ? '0010039900E068100001' : ''),
        CTCGetLocalMAC: () => '00:1A:2B:3C:4D:61',
      };`,
  },
} as const satisfies Record<string, Box>;

const REMOTE = `
  window.remoteSends = (code) => {
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'keyCode', { value: code });
    window.dispatchEvent(event);
  };
  let holding;
  window.remoteHolds = (code) => {
    const again = () => { window.remoteSends(code); holding = setTimeout(again, 125); };
    window.remoteSends(code);
    holding = setTimeout(again, 500);
  };
  window.remoteLetsGo = () => clearTimeout(holding);`;

interface RemoteWindow {
  remoteSends(code: number): void;
  remoteHolds(code: number): void;
  remoteLetsGo(): void;
}

export class MiddlewareTv extends TvScreen {
  readonly #box: Box;

  constructor(box: Box) {
    super();
    this.#box = box;
  }

  override turnsOn(tvUrl: string, screen?: Screen): Promise<this> {
    return super.turnsOn(tvUrl, screen, this.#box.objects + REMOTE);
  }

  /** Presses a key once, by its name in the key table, after a pause in which no hold could still be going on. */
  async sends(name: string): Promise<void> {
    await this.page.waitForTimeout(800);
    await this.#down(name);
  }

  /** Presses a key so many times, quickly. */
  async taps(name: string, times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      await this.#down(name);
      await this.page.waitForTimeout(300);
    }
  }

  /** The engineer types the code; a person looks at the screen and presses a digit again that was not taken. */
  async types(code: string): Promise<void> {
    for (let typed = 0; typed < code.length; typed++) {
      const before = await this.detail();
      await this.#down(`digit${code[typed]}`);
      await until('the digit is on the screen', async () => (await this.detail()) !== before);
      // The same digit twice needs a pause, or it is one that is held.
      if (code[typed] === code[typed + 1]) await this.page.waitForTimeout(800);
    }
  }

  /** Holds a key until an alarm is on the TV; gives its id. */
  async holdsUntilAlarm(name = 'red'): Promise<string> {
    const before = await this.read('data-alarm-id');
    await this.page.evaluate((code) => (window as unknown as RemoteWindow).remoteHolds(code), this.#code(name));
    const id = await until('an alarm on the TV', async () => {
      const now = await this.read('data-alarm-id');
      return now === before ? '' : now;
    });
    await this.page.evaluate(() => (window as unknown as RemoteWindow).remoteLetsGo());
    return id;
  }

  #down(name: string): Promise<void> {
    return this.page.evaluate((code) => (window as unknown as RemoteWindow).remoteSends(code), this.#code(name));
  }

  #code(name: string): number {
    const code = KEY_TABLES[this.#box.family].keys[name]?.[0];
    if (code === undefined) throw new Error(`this remote has no key ${name}`);
    return code;
  }
}
