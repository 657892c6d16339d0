/** When the running step of a case is due. Derived from the case's events and the policy; nothing is stored. */
import type { CaseView } from '@shouwang/protocol';
import type { Case } from './case.ts';

/** Milliseconds. */
export interface Policy {
  /** From the receipt until somebody must have signed. */
  signMs: number;
  /** From the receipt until somebody must be on the way. */
  handleMs: number;
  /** From the receipt (or the reopening) until it must be closed. */
  closeMs: number;
}

/** The running step and its time; undefined once closed. */
export function dueOf(c: Case, policy: Policy): CaseView['due'] {
  switch (c.state) {
    case 'received':
      return { step: 'sign', at: c.receivedAt + policy.signMs };
    case 'signed':
      return { step: 'handle', at: c.receivedAt + policy.handleMs };
    case 'handling':
      // More time never means less: an extension that ends before the time that was there anyway changes nothing.
      return { step: 'close', at: Math.max(c.extendedUntil ?? 0, (c.reopenedAt ?? c.receivedAt) + policy.closeMs) };
    case 'closed':
      return undefined;
  }
}
