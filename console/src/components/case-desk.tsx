import type { CaseView } from '@shouwang/protocol';
import { isAlerted } from '../services/queue-order.ts';
import { CaseFacts } from './case-facts.tsx';
import { CaseHistory } from './case-history.tsx';
import { CaseSteps } from './case-steps.tsx';
import { CaseClipList } from './clips/case-clips.tsx';
import { CommandBar } from './command-bar.tsx';
import { DueMark, FlagMarks, StateMark } from './marks.tsx';
import { useMustNotRing } from './silent-now.ts';
import { SilentWarning } from './silent-warning.tsx';
import type { DetailState } from './use-case-detail.ts';
import type { Commands } from './use-commands.ts';

/** The case being worked on. Commands stay in sight while the history scrolls. */
export function CaseDesk({ view, detail, commands }: { view: CaseView; detail: DetailState; commands: Commands }) {
  const mustNotRing = useMustNotRing(view);
  return (
    <main className="case panel" aria-label="案件" data-testid="case" data-case-no={view.caseNo} data-state={view.state}>
      <header className="case__head">
        <StateMark view={view} />
        <h1 className="case__no">{view.caseNo}</h1>
        <DueMark view={view} large />
      </header>
      <SilentWarning view={view} />
      <div className="case__flags">
        <FlagMarks view={view} />
        {isAlerted(view) && (
          <p className="case__call" role="alert" data-testid="case-call">
            {view.silent ? '报警人又发了一次静默报警' : '报警人再次求助'}，还没有人回应。
            {mustNotRing ? '勿回拨；处理或记备注，铃声就停。' : '先打电话核实，再处理或记备注，铃声就停。'}
          </p>
        )}
      </div>
      <div className="case__scroll">
        <CaseFacts view={view} />
        <CaseSteps view={view} />
        <CaseClipList key={view.caseNo} view={view} />
        <CaseHistory state={detail} />
      </div>
      <CommandBar view={view} isPending={commands.isPending} error={commands.form ? undefined : commands.error} onCommand={commands.run} />
    </main>
  );
}

export function NoCase({ loaded }: { loaded: boolean }) {
  return (
    <main className="case case--none panel" aria-label="案件">
      <p className="case__none">{loaded ? '现在没有报警。' : '正在读取…'}</p>
      {loaded && <p className="case__none">新报警来时会响铃，并自动显示在这里。</p>}
    </main>
  );
}
