import type { CaseView, ConsoleCommand, Me } from '@shouwang/protocol';

export type CommandName = ConsoleCommand['command'];

/** A command of the desk: its word, its key, and whether words have to be given before anything is sent. */
export interface DeskCommand {
  name: CommandName;
  zh: string;
  en: string;
  /** The key, as printed on it. */
  key: string;
  asks: boolean;
}

export const DESK_COMMANDS: readonly DeskCommand[] = [
  { name: 'sign', zh: '签收', en: 'Sign', key: 'S', asks: false },
  { name: 'handle', zh: '出动', en: 'Somebody is on the way', key: 'H', asks: false },
  { name: 'close', zh: '办结', en: 'Close with a result', key: 'C', asks: true },
  { name: 'note', zh: '备注', en: 'Note', key: 'N', asks: true },
  { name: 'ask-extension', zh: '申请延期', en: 'Ask for more time', key: 'E', asks: true },
  { name: 'grant-extension', zh: '批准延期', en: 'Grant more time', key: 'G', asks: false },
  { name: 'refuse-extension', zh: '不批准', en: 'Refuse more time', key: 'R', asks: true },
];

/**
 * Which commands make sense now. Only a guide for the eye: the centre decides and refuses with CASE_STATE.
 * An auditor looks and does nothing.
 */
export function allowedCommands(view: CaseView, role: Me['role']): ReadonlySet<CommandName> {
  const allowed = new Set<CommandName>();
  if (role !== 'operator') return allowed;
  allowed.add('note');
  if (view.state === 'closed') return allowed;
  const pending = view.extension !== undefined && view.extension.decided === undefined;
  if (view.state === 'received') allowed.add('sign');
  if (view.state === 'signed') allowed.add('handle');
  if (view.state !== 'received') {
    allowed.add('close');
    if (!pending) allowed.add('ask-extension');
  }
  if (pending) {
    allowed.add('grant-extension');
    allowed.add('refuse-extension');
  }
  return allowed;
}

/** The command that the case waits for: drawn as the large one. */
export function nextCommand(view: CaseView): CommandName | undefined {
  if (view.state === 'received') return 'sign';
  if (view.extension && view.extension.decided === undefined && view.state !== 'closed') return 'grant-extension';
  if (view.state === 'signed') return 'handle';
  return view.state === 'handling' ? 'close' : undefined;
}
