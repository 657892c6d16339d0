import type { CaseView } from '@shouwang/protocol';
import { phoneGroups } from './phone-number.tsx';
import { useMustNotRing } from './silent-now.ts';

export const SILENT_WORDS = '静默报警，勿回拨';

/** Across the row and the case: whoever looks at either cannot miss it. Nothing at all for other cases. */
export function SilentMark({ view }: { view: Pick<CaseView, 'silent'> }) {
  return view.silent ? (
    <p className="silent" data-testid="silent-mark">
      {SILENT_WORDS}
    </p>
  ) : null;
}

/** Over the open case: what must not be done, and why nobody hears from the caller; over another case of the same household too. */
export function SilentWarning({ view }: { view: Pick<CaseView, 'silent' | 'household'> }) {
  const mustNotRing = useMustNotRing(view);
  if (!mustNotRing) return null;
  if (!view.silent)
    return (
      <div className="silent silent--case" role="alert" data-testid="silent-warning">
        <p className="silent__words">{SILENT_WORDS}</p>
        <p className="silent__why">这户人家另有一起静默报警没有办结：不打电话，不发短信，不声张。</p>
        <p className="silent__why">这个案件的进度和办结结果会显示在他家电视上，不要写到静默报警。</p>
      </div>
    );
  return (
    <div className="silent silent--case" role="alert" data-testid="silent-warning">
      <p className="silent__words">{SILENT_WORDS}</p>
      <p className="silent__why">报警人可能受人胁迫：不打电话，不发短信，不声张。</p>
      <p className="silent__why">报警人的电视上什么都不显示，不能撤回，也不会评价。</p>
    </div>
  );
}

/** The number of a silent caller: to be known, not to be rung. No button, nothing that invites. */
export function SilentPhone({ phone }: { phone: string }) {
  return (
    <div className="silent-phone" data-testid="silent-phone">
      <strong className="silent-phone__no">勿回拨</strong>
      <span>
        号码 <span data-testid="phone">{phoneGroups(phone).join(' ')}</span>
      </span>
    </div>
  );
}
