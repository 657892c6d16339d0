import { isValid } from '@shouwang/protocol/validators';
import { describe, expect, it } from 'vitest';
import { middlewareTables } from '../keys/middleware-keys.ts';
import { readKey } from '../keys/read-key.ts';
import { detect, MIDDLEWARES } from './detect.ts';
import type { Globals } from './middleware.ts';

/** The global objects of each middleware, as applications for them use them. */
const BOXES: Record<string, Globals> = {
  ipanel: {
    CA: { card: { serialNumber: '8531002345678901' } },
    hardware: { STB: { serial: 'STB-77' } },
    network: { ethernets: [{ MACAddress: '00:1A:2B:3C:4D:5E' }] },
  },
  coship: { CA: { serialNumber: '8531002345678902' }, Network: { ethernets: [{ MACAddress: '00:1A:2B:3C:4D:5F' }] } },
  changhong: { CAManager: { cardSerialNumber: '8531002345678903' }, Ethernet: { MACAddress: '00:1A:2B:3C:4D:60' } },
  inspur: { iSTB: { settings: { get: (name: string) => (name === 'sys:ca0:cardnumber' ? '8531002345678904' : '') } } },
  iptv: {
    Authentication: {
      CTCGetConfig: (name: string) => (name === 'STBID' ? '0010039900E0681' : ''),
      CTCGetLocalMAC: () => '00:1A:2B:3C:4D:61',
    },
  },
};

describe('which middleware it is, and what it says of its box', () => {
  it.each(Object.entries(BOXES))('%s', (name, globals) => {
    const found = detect(globals);
    expect(found.name).toBe(name);
    const identity = found.identity(globals);
    expect(Object.values(identity).filter(Boolean).length).toBeGreaterThan(0);
    expect(isValid('BoxActivation', { code: '12345678', reported: JSON.parse(JSON.stringify({ middleware: name, ...identity })) })).toBe(
      true,
    );
  });

  it('iPanel: card, box and MAC', () => {
    expect(detect(BOXES.ipanel!).identity(BOXES.ipanel!)).toEqual({
      card: '8531002345678901',
      stb: 'STB-77',
      mac: '00:1A:2B:3C:4D:5E',
    });
  });

  it('IPTV for China Unicom has CUGetConfig instead', () => {
    const box = { Authentication: { CUGetConfig: () => 'CU-1' } };
    expect(detect(box).identity(box).stb).toBe('CU-1');
  });

  it('a common browser is none of them', () => {
    expect(detect({}).name).toBe('unknown');
  });

  it('host objects that throw, or hold nonsense, leave it unread', () => {
    const box = {
      CA: {
        get card(): never {
          throw new Error('no CA');
        },
      },
      hardware: { STB: { serial: '\u0007\u4e2d' } },
    };
    expect(detect(box).identity(box)).toEqual({ card: undefined, stb: undefined, mac: undefined });
  });
});

describe('its keys', () => {
  const read = (name: string, code: number, keyEvent?: unknown) =>
    readKey({ keyCode: code }, middlewareTables(MIDDLEWARES.filter((m) => m.name === name)[0]!.keys, keyEvent));

  it.each([
    ['ipanel', 2305, 'alarm'],
    ['ipanel', 1, 'up'],
    ['ipanel', 340, 'back'],
    ['ipanel', 834, 'test'],
    ['coship', 2305, 'alarm'],
    ['coship', 2308, 'silent'],
    ['changhong', 2305, 'alarm'],
    ['inspur', 2305, 'alarm'],
    ['iptv', 0x113, 'alarm'],
    ['iptv', 0x11c, 'alarm'],
    ['iptv', 48, 'digit0'],
    ['unknown', 403, 'alarm'],
  ])('%s: code %i is %s', (name, code, key) => {
    expect(read(name, code)).toBe(key);
  });

  it('what KeyEvent.VK_* says comes first', () => {
    expect(read('ipanel', 9001, { VK_RED: 9001, VK_5: 3 })).toBe('alarm');
    expect(read('ipanel', 3, { VK_5: 3 })).toBe('digit5');
    expect(read('ipanel', 3)).toBe('left');
  });

  it('no table gives one code two meanings', () => {
    for (const { name, keys } of MIDDLEWARES) {
      const codes = Object.values(keys.keys).flat();
      expect(new Set(codes).size, name).toBe(codes.length);
    }
  });
});
