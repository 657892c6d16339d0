import { isValid } from '@shouwang/protocol/validators';
import { expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';
import { commandOf, extensionBase, formOf } from './command-forms.ts';

test('nothing can be closed without words', () => {
  expect(commandOf('close', '', undefined, 0)).toBeUndefined();
  expect(commandOf('close', ' \n ', undefined, 0)).toBeUndefined();
  expect(commandOf('close', '已处理', undefined, 0)).toEqual({ command: 'close', result: '已处理' });
});

test('more time needs a reason and a time to come', () => {
  expect(commandOf('ask-extension', '当事人外出', undefined, 0)).toBeUndefined();
  expect(commandOf('ask-extension', '当事人外出', 99, 100)).toBeUndefined();
  expect(commandOf('ask-extension', '当事人外出', 101, 100)).toEqual({ command: 'ask-extension', reason: '当事人外出', until: 101 });
});

test('pasted words become what the protocol takes', () => {
  const pasted = ' 第一行\r\n\t第二行\u0007 ';
  expect(cleanText(pasted)).toBe('第一行\n 第二行');
  for (const name of ['close', 'note', 'refuse-extension', 'ask-extension'] as const)
    expect(isValid('ConsoleCommand', commandOf(name, pasted, 5, 0))).toBe(true);
});

test('words longer than the protocol takes are not sent', () => {
  expect(commandOf('note', '长'.repeat(501), undefined, 0)).toBeUndefined();
});

test('more time counts from the closing deadline, or from now once that has passed', () => {
  expect(extensionBase({ due: { step: 'close', at: 500 } }, 100)).toBe(500);
  expect(extensionBase({ due: { step: 'close', at: 50 } }, 100)).toBe(100);
  expect(extensionBase({ due: { step: 'handle', at: 500 } }, 100)).toBe(100);
});

test('nothing that a form proposes for a silent alarm rings the caller', () => {
  expect(formOf('note', {})?.ready.join()).toContain('电话');
  for (const name of ['note', 'close'] as const) expect(JSON.stringify(formOf(name, { silent: true }))).not.toMatch(/电话|在电视上看得到/);
});
