/**
 * A box with the RDK. Thunder tells who the box is, and when it wakes up or its network changes. It does not tell keys: what it intercepts
 * goes to a program with a window. The keys are therefore read from the input devices; until one was heard there, our page tells.
 */
import { loadKeyMap } from '../../keys/key-map.ts';
import type { Platform, PlatformEvents } from '../../platform.ts';
import { createEvdevKeys } from '../evdev/evdev-keys.ts';
import type { PlatformDeps } from '../registry.ts';
import type { ThunderBox } from './box.ts';
import { connectThunder } from './connection.ts';
import { openThunderLink, type ThunderLink } from './link.ts';

const IDENTITY_RETRY_MS = 1000;

export function createThunderPlatform({ config, clock, log }: PlatformDeps): Platform {
  const settings = config.thunder;
  const devices =
    settings.keys === 'page'
      ? undefined
      : createEvdevKeys({ settings: config.evdev, keyMap: loadKeyMap(config.keys, 'evdev'), clock, log });
  // What a villager does not do inside our page belongs to the program in front: the test key stays with it.
  const intercepted = [...loadKeyMap(config.keys, 'rdkshell')].filter(([, key]) => key !== 'test').map(([code]) => code);
  let link: ThunderLink | undefined;
  let events: PlatformEvents | undefined;
  let power = '';
  /** Whether the keys are intercepted for the page, as last asked for. */
  let intercepting = false;
  let lastTaken: boolean | undefined;

  const fromDevice = () => devices !== undefined && (settings.keys === 'device' || devices.heard);

  function open(): ThunderLink {
    link ??= openThunderLink({
      settings,
      clock,
      random: Math.random,
      log,
      events: {
        power(state) {
          if (state === power) return;
          log.info({ power: state }, 'the power state');
          power = state;
          if (/ON$/.test(state)) events?.wake();
        },
        network: () => events?.wake(),
      },
      onReady(box) {
        intercepting = false;
        intercept(box);
      },
    });
    return link;
  }

  /** The page's client gets the alarm keys whichever program is in front, as long as only the page is known to see them. */
  function intercept(box: ThunderBox | undefined): void {
    const wanted = settings.client !== '' && !fromDevice();
    if (!box || wanted === intercepting) return;
    intercepting = wanted;
    void box.intercept(settings.client, intercepted, wanted).then((done) => {
      // Asked for again with every renewal: only what changed is news.
      const taken = done && wanted;
      if (taken !== lastTaken)
        log.info({ client: settings.client, taken }, 'the page is given the alarm keys whichever program is in front');
      lastTaken = taken;
    });
  }

  return {
    name: 'thunder',
    get keysFrom() {
      return fromDevice() ? 'device' : 'page';
    },
    // An intercepted key reaches our page only while that runs, which cannot be seen from here: not claimed.
    claims: () => ({ stored: true, survivesPowerLoss: true, keyOutsidePage: devices?.open ?? false }),
    async identity() {
      const until = clock.mono() + settings.startWaitS * 1000;
      for (;;) {
        // While the box boots, Thunder comes late, and its plugins later.
        const box = await open().ready(Math.max(0, until - clock.mono()));
        const boxId = await box?.identity();
        if (boxId || clock.mono() >= until) return { boxId };
        await new Promise<void>((resolve) => clock.after(IDENTITY_RETRY_MS, resolve));
      }
    },
    async start(given) {
      events = given;
      devices?.start({
        key: given.key,
        claimsChanged() {
          intercept(link?.box);
          given.claimsChanged();
        },
      });
      open();
    },
    async stop() {
      events = undefined;
      link?.close();
      await devices?.stop();
    },
  };
}

/** Whether Thunder answers on this box now. */
export async function thunderAnswers({ config, clock }: PlatformDeps): Promise<boolean> {
  try {
    const connection = await connectThunder({ ...config.thunder, clock, onEvent: () => {}, onClose: () => {} });
    connection.close();
    return true;
  } catch {
    return false;
  }
}
