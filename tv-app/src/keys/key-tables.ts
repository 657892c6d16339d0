/**
 * Which key of which device is which key of the remote. Data only: a new remote is a new table. Codes are `KeyboardEvent.keyCode`,
 * the only thing that old boxes fill in; names are `KeyboardEvent.key`, for letters on any layout.
 */
/** Keys of gestures that the bridge times: it hears when they go down and come up. */
export type GestureKey = 'alarm' | 'silent' | 'test';

export type Digit = `digit${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`;
export type RemoteKey = GestureKey | 'ok' | 'back' | 'menu' | 'left' | 'right' | 'up' | 'down' | Digit | 'other';

export interface KeyTable {
  name: string;
  codes: Partial<Record<number, RemoteKey>>;
  keys?: Partial<Record<string, RemoteKey>>;
}

/** A desktop keyboard in place of a remote: R is the red key, B the blue one (silent alarm), Y the yellow one (test), M the menu. */
export const DESKTOP: KeyTable = {
  name: 'desktop',
  codes: {
    13: 'ok',
    8: 'back',
    27: 'back',
    37: 'left',
    38: 'up',
    39: 'right',
    40: 'down',
    48: 'digit0',
    49: 'digit1',
    50: 'digit2',
    51: 'digit3',
    52: 'digit4',
    53: 'digit5',
    54: 'digit6',
    55: 'digit7',
    56: 'digit8',
    57: 'digit9',
    96: 'digit0',
    97: 'digit1',
    98: 'digit2',
    99: 'digit3',
    100: 'digit4',
    101: 'digit5',
    66: 'silent',
    77: 'menu',
    93: 'menu',
    102: 'digit6',
    103: 'digit7',
    104: 'digit8',
    105: 'digit9',
    82: 'alarm',
    89: 'test',
  },
  keys: { r: 'alarm', R: 'alarm', b: 'silent', B: 'silent', y: 'test', Y: 'test', m: 'menu', M: 'menu' },
};

/** The virtual key codes of CEA-2014 and HbbTV (VK_RED …), and those that set-top browsers add for "back". */
export const REMOTE: KeyTable = {
  name: 'remote',
  codes: {
    403: 'alarm', // VK_RED
    405: 'test', // VK_YELLOW
    406: 'silent', // VK_BLUE
    461: 'back', // VK_BACK (HbbTV)
    10009: 'back', // Tizen RETURN
    196: 'back', // Android TV
    412: 'left', // VK_REWIND, on remotes without arrows
    417: 'right', // VK_FAST_FWD
    29443: 'ok', // Tizen ENTER
  },
  keys: { ContextMenu: 'menu', ColorF0Red: 'alarm', ColorF2Yellow: 'test', ColorF3Blue: 'silent', GoBack: 'back', BrowserBack: 'back' },
};

/** The first table that knows a key decides. */
export const TABLES: readonly KeyTable[] = [DESKTOP, REMOTE];
