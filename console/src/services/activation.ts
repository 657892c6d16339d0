/** The activation code of a box without a daemon, from the moment it is given out. Pure. */
import { type ActivationIssued, type ActivationSeen, type BoxReported, CodedError } from '@shouwang/protocol';
import { errorText } from './api-client.ts';

export interface GivenCode extends ActivationIssued {
  /** When the box was activated before, ms; undefined: never. */
  before: number | undefined;
}

/** `used`: the box has its secret. `void`: another one was given out, or too many wrong ones were tried. `over`: its time is. */
export type CodeState = 'open' | 'used' | 'void' | 'over';

/** `seen`: what the centre said last; undefined: nothing yet. `now`: the centre's clock, ms. */
export function codeState({ expiresAt, before }: GivenCode, seen: ActivationSeen | undefined, now: number): CodeState {
  if (seen?.activatedAt !== undefined && seen.activatedAt !== before) return 'used';
  if (now >= expiresAt) return 'over';
  return seen && seen.openUntil !== expiresAt ? 'void' : 'open';
}

/** As it is read out on the telephone: `0481 9926`. */
export function codeGroups(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`;
}

/** What the box's page said of itself, to be compared with the work order. */
export function reportedText({ middleware, card, stb, mac }: BoxReported): string {
  return [`型号 ${middleware}`, card && `卡号 ${card}`, stb && `机号 ${stb}`, mac && `MAC ${mac}`].filter(Boolean).join(' · ');
}

/** Words for whoever runs the centre: those of the table are for whoever stands before a TV. */
export function activationError(error: unknown): string {
  const code = error instanceof CodedError ? error.code : 'INTERNAL';
  if (code === 'BOX_UNKNOWN') return '没有登记这个编号的机顶盒，请先登记';
  if (code === 'BOX_REVOKED') return '这台机顶盒已停用，请先恢复';
  if (code === 'NOT_FOUND') return '这个中心没有开放网页机顶盒（http.tvAppDir 没有设置）';
  return errorText(error);
}
