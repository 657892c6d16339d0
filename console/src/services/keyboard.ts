import { type CommandName, DESK_COMMANDS } from './case-commands.ts';

/** What a key does at the desk. */
export type DeskAction =
  | { do: 'command'; command: CommandName }
  | { do: 'move'; step: 1 | -1 }
  | { do: 'most-urgent' }
  | { do: 'silence' }
  | { do: 'help' }
  | { do: 'devices' }
  | { do: 'notices' }
  | { do: 'camera'; index: number };

/** The part of a keyboard event that decides. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  repeat: boolean;
  isComposing: boolean;
}

/** Every key of the desk for the help overlay, in the order of use. */
export const KEY_HELP: readonly { keys: string[]; zh: string }[] = [
  { keys: ['↑', '↓'], zh: '选择上一起、下一起（也可用 K、J）' },
  { keys: ['U'], zh: '跳到最急的未签收报警' },
  ...DESK_COMMANDS.map((c) => ({ keys: [c.key], zh: c.asks ? `${c.zh}（先填写内容）` : c.zh })),
  { keys: ['M'], zh: '静音 60 秒（新来的报警照样响）' },
  { keys: ['1', '…', '6'], zh: '切换到第几个摄像头' },
  { keys: ['D'], zh: '打开、关闭设备页（报警照样响，队列一直在左边）' },
  { keys: ['T'], zh: '打开、关闭通知页：给电视发通知' },
  { keys: ['Ctrl', 'Enter'], zh: '提交正在填写的内容' },
  { keys: ['Esc'], zh: '关闭窗口，不提交' },
  { keys: ['/'], zh: '打开、关闭本页' },
];

/** An input method that is switched on reports letters as `Process`; the physical key still tells which it was. */
function letterOf(press: KeyPress): string {
  if (press.key.length === 1 && press.key !== '、') return press.key.toUpperCase();
  if (/^Key[A-Z]$/.test(press.code)) return press.code.slice(3);
  return press.code === 'Slash' ? '/' : press.key;
}

/**
 * The action of a key, or undefined. Nothing acts with a modifier or while an input method composes, and a key that is
 * held down only repeats movements, never commands.
 */
export function actionOf(press: KeyPress): DeskAction | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey || press.isComposing) return undefined;
  if (press.key === 'ArrowDown') return { do: 'move', step: 1 };
  if (press.key === 'ArrowUp') return { do: 'move', step: -1 };
  const letter = letterOf(press);
  if (letter === 'J') return { do: 'move', step: 1 };
  if (letter === 'K') return { do: 'move', step: -1 };
  if (press.repeat) return undefined;
  if (letter === 'U') return { do: 'most-urgent' };
  if (letter === 'M') return { do: 'silence' };
  if (letter === 'D') return { do: 'devices' };
  if (letter === 'T') return { do: 'notices' };
  if (letter === '/' || letter === '?') return { do: 'help' };
  if (/^[1-6]$/.test(letter)) return { do: 'camera', index: Number(letter) - 1 };
  const command = DESK_COMMANDS.find((c) => c.key === letter);
  return command && { do: 'command', command: command.name };
}

/** Whether the person is writing: keys belong to the field then. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  if (target.tagName !== 'INPUT') return false;
  return !['button', 'checkbox', 'radio', 'submit', 'range'].includes((target as HTMLInputElement).type);
}
