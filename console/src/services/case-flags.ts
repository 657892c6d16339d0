import { type CaseView, RATING_LABEL } from '@shouwang/protocol';
import { isAlerted } from './queue-order.ts';
import { nearClockText } from './time-text.ts';

/** A mark on a case. `tone`: how loudly it is drawn. */
export interface CaseFlag {
  key: 'address-in-doubt' | 'certificate-expired' | 'withdrawn' | 'escalated' | 'extension' | 'reopened' | 'pressed-again' | 'rating';
  text: string;
  tone: 'alarm' | 'warn' | 'info' | 'quiet' | 'good';
}

/** The marks of a case, the loudest first. `now` is the centre's time in ms. */
export function caseFlags(view: CaseView, now: number): CaseFlag[] {
  const flags: CaseFlag[] = [];
  const open = view.state !== 'closed';
  if (view.household.addressInDoubtSince !== undefined)
    flags.push({ key: 'address-in-doubt', text: '地址待核实', tone: open ? 'alarm' : 'quiet' });
  if (view.escalatedAt !== undefined)
    flags.push({ key: 'escalated', text: '已升级', tone: view.state === 'received' && view.withdrawnAt === undefined ? 'alarm' : 'quiet' });
  if (view.reopened > 0) flags.push({ key: 'reopened', text: `未解决重开×${view.reopened}`, tone: open ? 'alarm' : 'quiet' });
  if (view.presses > 1)
    flags.push({ key: 'pressed-again', text: `再次按键×${view.presses - 1}`, tone: isAlerted(view) ? 'alarm' : open ? 'warn' : 'quiet' });
  if (view.withdrawnAt !== undefined) flags.push({ key: 'withdrawn', text: '已撤回', tone: 'info' });
  if (view.extension) flags.push(extensionFlag(view.extension, open, now));
  // Nothing that the operator can do: the box renews by itself, or a work order says that it cannot.
  if (view.household.certificateExpiredAt !== undefined) flags.push({ key: 'certificate-expired', text: '证书已过期', tone: 'quiet' });
  if (view.rating) {
    const tone = view.rating === 'unsolved' ? 'warn' : 'good';
    flags.push({ key: 'rating', text: `评价：${RATING_LABEL[view.rating]}`, tone });
  }
  return flags;
}

function extensionFlag(extension: NonNullable<CaseView['extension']>, open: boolean, now: number): CaseFlag {
  if (extension.decided === 'granted') return { key: 'extension', text: `已延期至 ${nearClockText(extension.until, now)}`, tone: 'info' };
  if (extension.decided === 'refused') return { key: 'extension', text: '延期未批', tone: 'quiet' };
  return { key: 'extension', text: '延期待批', tone: open ? 'warn' : 'quiet' };
}
