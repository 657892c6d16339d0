// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { TABLES } from './key-tables.ts';
import { listenToKeys } from './listen.ts';
import { readKey } from './read-key.ts';

describe('which key it is', () => {
  it('a desktop keyboard is a remote', () => {
    const codes = {
      13: 'ok',
      8: 'back',
      27: 'back',
      37: 'left',
      38: 'up',
      39: 'right',
      40: 'down',
      82: 'alarm',
      49: 'digit1',
      53: 'digit5',
      97: 'digit1',
    };
    for (const [code, key] of Object.entries(codes)) expect(readKey({ keyCode: Number(code) })).toBe(key);
  });
  it('blue and yellow are the keys of the silent and of the test gesture', () => {
    expect([66, 406, 89, 405].map((keyCode) => readKey({ keyCode }))).toEqual(['silent', 'silent', 'test', 'test']);
    expect(readKey({ keyCode: 0, key: 'b' })).toBe('silent');
  });
  it('VK_RED is the alarm key, VK_BACK goes back', () => {
    expect(readKey({ keyCode: 403 })).toBe('alarm');
    expect(readKey({ keyCode: 461 })).toBe('back');
  });
  it('the letter counts on any layout; with Ctrl it is the browser’s', () => {
    expect(readKey({ keyCode: 0, key: 'r' })).toBe('alarm');
    expect(readKey({ keyCode: 82, key: 'r', ctrlKey: true })).toBeUndefined();
  });
  it('an unknown key is a key all the same', () => {
    expect(readKey({ keyCode: 78, key: 'n' })).toBe('other');
  });
  it('no code means two things', () => {
    const seen: Record<string, string> = {};
    for (const { codes } of TABLES)
      for (const [code, key] of Object.entries(codes)) {
        expect(seen[code] ?? key).toBe(key);
        seen[code] = key!;
      }
  });
});

describe('holding and letting go', () => {
  function keyboard(keyUps = true) {
    let now = 0;
    const heard: string[] = [];
    const repeats: string[] = [];
    const target = new EventTarget();
    const stop = listenToKeys(
      target,
      { down: (key) => heard.push(key), up: (key) => heard.push(`${key}-up`), repeats: (key) => repeats.push(key) },
      { tables: TABLES, keyUps, now: () => now },
    );
    const send = (type: string, keyCode: number, repeat = false) => {
      const event = Object.assign(new Event(type, { cancelable: true }), { keyCode, repeat });
      target.dispatchEvent(event);
      return event;
    };
    const passes = (ms: number) => {
      now += ms;
    };
    return { heard, repeats, send, target, stop, passes };
  }

  it('a held red key is one press, however often it repeats', () => {
    const { heard, send } = keyboard();
    send('keydown', 82);
    send('keydown', 82, true);
    send('keydown', 82, true);
    send('keyup', 82);
    expect(heard).toEqual(['alarm', 'alarm-up']);
  });

  it('boxes that repeat without saying so are seen through: the key has to come up first', () => {
    const { heard, send } = keyboard();
    send('keydown', 403);
    send('keydown', 403);
    send('keyup', 403);
    send('keydown', 403);
    expect(heard).toEqual(['alarm', 'alarm-up', 'alarm']);
  });

  it('each key of a gesture comes up by itself, and all are let go when the page loses the keyboard', () => {
    const { heard, send, target } = keyboard();
    for (const code of [82, 66, 89]) send('keydown', code);
    send('keyup', 66);
    target.dispatchEvent(new Event('blur'));
    expect(heard).toEqual(['alarm', 'silent', 'test', 'silent-up', 'alarm-up', 'test-up']);
  });

  it('held arrows go on; OK, back and digits do not', () => {
    const { heard, send } = keyboard();
    send('keydown', 39);
    send('keydown', 39, true);
    send('keydown', 13);
    send('keydown', 13, true);
    send('keydown', 49);
    send('keydown', 49, true);
    expect(heard).toEqual(['right', 'right', 'ok', 'digit1']);
  });

  it('a page that loses the keyboard lets go of the key', () => {
    const { heard, send, target } = keyboard();
    send('keydown', 82);
    target.dispatchEvent(new Event('blur'));
    send('keydown', 82);
    expect(heard).toEqual(['alarm', 'alarm-up', 'alarm']);
  });

  it('keys do nothing else in the page; after stop nothing is heard', () => {
    const { heard, send, stop } = keyboard();
    expect(send('keydown', 8).defaultPrevented).toBe(true);
    stop();
    send('keydown', 82);
    expect(heard).toEqual(['back']);
  });

  describe('where no key-up comes', () => {
    it('a key that is pressed again is heard again; what a held one repeats is not', () => {
      const { heard, send, passes } = keyboard(false);
      for (const gap of [0, 500, 125, 125, 900, 300, 300]) {
        passes(gap);
        send('keydown', 13);
      }
      expect(heard).toEqual(['ok', 'ok', 'ok', 'ok']);
    });

    it('a key that comes again after another one was let go in between', () => {
      const { heard, send, passes } = keyboard(false);
      for (const code of [49, 50, 49]) {
        send('keydown', code);
        passes(250);
      }
      expect(heard).toEqual(['digit1', 'digit2', 'digit1']);
    });

    it('the key of a gesture passes on every repeat, and is let go by silence', () => {
      const { heard, repeats, send, passes } = keyboard(false);
      for (const gap of [0, 500, 125, 2_000]) {
        passes(gap);
        send('keydown', 403);
      }
      expect(heard).toEqual(['alarm', 'alarm-up', 'alarm']);
      expect(repeats).toEqual(['alarm', 'alarm']);
    });
  });
});
