// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { DESK_COMMANDS } from './case-commands.ts';
import { actionOf, isTyping, type KeyPress } from './keyboard.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : '',
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  isComposing: false,
  ...more,
});

test.each(DESK_COMMANDS.map((c) => [c.key, c.name] as const))('%s is %s, in either case', (key, command) => {
  expect(actionOf(press(key))).toEqual({ do: 'command', command });
  expect(actionOf(press(key.toLowerCase()))).toEqual({ do: 'command', command });
});

test.each([
  ['ArrowDown', { do: 'move', step: 1 }],
  ['j', { do: 'move', step: 1 }],
  ['ArrowUp', { do: 'move', step: -1 }],
  ['k', { do: 'move', step: -1 }],
  ['u', { do: 'most-urgent' }],
  ['m', { do: 'silence' }],
  ['d', { do: 'devices' }],
  ['t', { do: 'notices' }],
  ['/', { do: 'help' }],
  ['?', { do: 'help' }],
  ['3', { do: 'camera', index: 2 }],
])('%s', (key, action) => {
  expect(actionOf(press(key))).toEqual(action);
});

test('browser shortcuts stay the browser’s', () => {
  for (const modifier of ['ctrlKey', 'altKey', 'metaKey'] as const) expect(actionOf(press('c', { [modifier]: true }))).toBeUndefined();
});

test('a key held down moves on, and signs nothing a second time', () => {
  expect(actionOf(press('s', { repeat: true }))).toBeUndefined();
  expect(actionOf(press('j', { repeat: true }))).toEqual({ do: 'move', step: 1 });
});

test('with a Chinese input method switched on the keys still work, but not while it composes', () => {
  expect(actionOf(press('Process', { code: 'KeyS' }))).toEqual({ do: 'command', command: 'sign' });
  expect(actionOf(press('、', { code: 'Slash' }))).toEqual({ do: 'help' });
  expect(actionOf(press('s', { isComposing: true }))).toBeUndefined();
});

test('fields keep their keys; buttons do not', () => {
  for (const html of ['<textarea></textarea>', '<input>', '<input type="datetime-local">', '<select></select>']) {
    document.body.innerHTML = html;
    expect(isTyping(document.body.firstElementChild)).toBe(true);
  }
  for (const html of ['<button></button>', '<input type="checkbox">', '<div></div>']) {
    document.body.innerHTML = html;
    expect(isTyping(document.body.firstElementChild)).toBe(false);
  }
});
