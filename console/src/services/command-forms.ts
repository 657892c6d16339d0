/** What each form asks, and the command that it makes. Pure. */
import type { CaseView, ConsoleCommand } from '@shouwang/protocol';
import type { CommandName } from './case-commands.ts';
import { cleanText } from './clean-text.ts';

export interface FormKind {
  title: string;
  label: string;
  placeholder: string;
  submit: string;
  maxLength: number;
  /** Ready words for the field; they fill it, they never send it. */
  ready: readonly string[];
  /** Whether a new time is asked for as well. */
  until: boolean;
}

export const FORMS: Partial<Record<CommandName, FormKind>> = {
  close: {
    title: '办结',
    label: '处理结果（报警人在电视上看得到）',
    placeholder: '写清楚怎么处理的、现在怎么样',
    submit: '办结',
    maxLength: 500,
    ready: ['已到现场处理，情况解除', '电话核实为误报，人员平安', '已移交派出所处理'],
    until: false,
  },
  note: {
    title: '备注',
    label: '备注内容（内部记录，报警人看不到）',
    placeholder: '例如：电话无人接听，已通知网格员上门',
    submit: '记下',
    maxLength: 500,
    ready: ['已电话联系报警人', '电话无人接听', '已通知网格员上门'],
    until: false,
  },
  'ask-extension': {
    title: '申请延期',
    label: '延期原因',
    placeholder: '为什么不能按时办结',
    submit: '申请',
    maxLength: 200,
    ready: ['需要其他部门配合', '当事人不在家', '需要再次上门'],
    until: true,
  },
  'refuse-extension': {
    title: '不批准延期',
    label: '不批准的原因',
    placeholder: '说明原因，申请人看得到',
    submit: '不批准',
    maxLength: 200,
    ready: ['理由不充分', '请在原时限内办结'],
    until: false,
  },
};

/** A silent caller reads nothing and is not rung: what the form proposes must not lead anybody there. */
const SILENT_FORMS: Partial<Record<CommandName, Partial<FormKind>>> = {
  close: { label: '处理结果（静默报警：报警人看不到）', ready: ['已到现场处理，情况解除', '已移交派出所处理'] },
  note: { placeholder: '例如：已通知派出所，便装前往', ready: ['已通知派出所', '已派人便装前往查看'] },
};

/** The form of a command on this case. `mustNotRing`: not about this case either, because of a silent one of the same household. */
export function formOf(name: CommandName, view: Pick<CaseView, 'silent'>, mustNotRing = false): FormKind | undefined {
  const form = FORMS[name];
  if (form && view.silent) return { ...form, ...SILENT_FORMS[name] };
  return form && mustNotRing ? { ...form, ready: form.ready.filter((words) => !words.includes('电话')) } : form;
}

export const EXTENSIONS: readonly { zh: string; ms: number }[] = [
  { zh: '1 小时', ms: 3_600_000 },
  { zh: '4 小时', ms: 4 * 3_600_000 },
  { zh: '1 天', ms: 86_400_000 },
  { zh: '3 天', ms: 3 * 86_400_000 },
];

/** What the form proposes: a day lies behind the closing deadline of a case in any step. */
export const PROPOSED_EXTENSION_MS = 86_400_000;

/** From where more time counts: the running deadline, or now where that has passed. ms */
export function extensionBase(view: Pick<CaseView, 'due'>, now: number): number {
  return Math.max(now, view.due?.step === 'close' ? view.due.at : now);
}

/** The command of a filled form; undefined while words (or the time) are missing. */
export function commandOf(name: CommandName, text: string, until: number | undefined, now: number): ConsoleCommand | undefined {
  const words = cleanText(text);
  if (!words || words.length > (FORMS[name]?.maxLength ?? 0)) return undefined;
  switch (name) {
    case 'close':
      return { command: 'close', result: words };
    case 'note':
      return { command: 'note', text: words };
    case 'refuse-extension':
      return { command: 'refuse-extension', reason: words };
    case 'ask-extension':
      return until !== undefined && until > now ? { command: 'ask-extension', reason: words, until } : undefined;
    default:
      return undefined;
  }
}
