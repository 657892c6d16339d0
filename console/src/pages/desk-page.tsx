import type { Me } from '@shouwang/protocol';
import { useEffect, useMemo, useState } from 'react';
import { AlarmQueue, visibleRows } from '../components/alarm-queue.tsx';
import { Banners } from '../components/banners.tsx';
import { CaseDesk, NoCase } from '../components/case-desk.tsx';
import { CommandForm } from '../components/command-form.tsx';
import { DeskContext, NowContext, useBoard, useTicking } from '../components/desk-context.ts';
import { DevicesPanel } from '../components/devices/devices-panel.tsx';
import { HelpOverlay } from '../components/help-overlay.tsx';
import { NoticesPanel } from '../components/notices/notices-panel.tsx';
import { PicturePanel } from '../components/picture-panel.tsx';
import { TopBar } from '../components/top-bar.tsx';
import { useCaseDetail } from '../components/use-case-detail.ts';
import { useCommands } from '../components/use-commands.ts';
import { useDeskKeys } from '../components/use-desk-keys.ts';
import type { Environment } from '../environment.ts';
import type { ApiClient } from '../services/api-client.ts';
import { selectedCase } from '../services/board.ts';
import { Desk } from '../services/desk.ts';
import type { DeskAction } from '../services/keyboard.ts';
import { type NoticeDraft, newDraft } from '../services/notices.ts';
import { queueOf } from '../services/queue-order.ts';

interface Props {
  environment: Environment;
  api: ApiClient;
  me: Me;
  heard: boolean;
  onCheckSound: () => void;
  onLoggedOut: () => void;
}

/** Hops ⑥ and ⑦: the monitoring room's desk. */
export function DeskPage({ environment, api, me, heard, onCheckSound, onLoggedOut }: Props) {
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    const opened = new Desk({ ...environment, me, api });
    setDesk(opened);
    opened.start();
    // Any touch is what the browser wants before it lets a mute page sound again.
    const touched = () => {
      if (environment.audio.state() !== 'running') void environment.audio.resume();
    };
    window.addEventListener('pointerdown', touched);
    window.addEventListener('keydown', touched);
    return () => {
      window.removeEventListener('pointerdown', touched);
      window.removeEventListener('keydown', touched);
      opened.close();
    };
  }, [environment, api, me]);
  if (!desk) return null;
  return (
    <DeskContext value={desk}>
      <Ticking desk={desk}>
        <DeskLayout desk={desk} heard={heard} onCheckSound={onCheckSound} onLoggedOut={onLoggedOut} />
      </Ticking>
    </DeskContext>
  );
}

function Ticking({ desk, children }: { desk: Desk; children: React.ReactNode }) {
  return <NowContext value={useTicking(desk)}>{children}</NowContext>;
}

function DeskLayout({ desk, heard, onCheckSound, onLoggedOut }: Pick<Props, 'heard' | 'onCheckSound' | 'onLoggedOut'> & { desk: Desk }) {
  const board = useBoard(desk);
  const queue = useMemo(() => queueOf(board.cases.values()), [board.cases]);
  const view = selectedCase(board);
  const detail = useCaseDetail(view);
  const commands = useCommands(view);
  const [help, setHelp] = useState(false);
  /** In place of the case. */
  const [over, setOver] = useState<'devices' | 'notices'>();
  /** What is being written for the TVs stays while somebody sees to an alarm. */
  const [draft, setDraft] = useState<NoticeDraft>(() => newDraft(desk.centreNow()));
  const [formOpen, setFormOpen] = useState(false);
  const [showClosed, setShowClosed] = useState(false);
  const [asked, setAsked] = useState<{ index: number; n: number }>();
  const silence = () => desk.sound.silence();

  const turn = (page: 'devices' | 'notices') => setOver((open) => (open === page ? undefined : page));

  const act = (action: DeskAction) => {
    // On another page no key does anything to a case that is not in sight; going to a case leaves the page.
    if (over && (action.do === 'command' || action.do === 'camera')) return;
    if (action.do === 'move' || action.do === 'most-urgent') setOver(undefined);
    switch (action.do) {
      case 'command':
        return commands.run(action.command);
      case 'move':
        return desk.move(visibleRows(queue, showClosed, view?.caseNo), action.step);
      case 'most-urgent':
        return desk.selectMostUrgent();
      case 'silence':
        return silence();
      case 'help':
        return setHelp((open) => !open);
      case 'devices':
      case 'notices':
        return turn(action.do);
      case 'camera':
        return setAsked((last) => ({ index: action.index, n: (last?.n ?? 0) + 1 }));
    }
  };
  useDeskKeys(act, help || formOpen || commands.form !== undefined);

  const logout = () => {
    desk.close();
    desk.api.logout().then(onLoggedOut, onLoggedOut);
  };

  return (
    <div className="desk">
      <TopBar board={board} over={over} onOver={turn} onHelp={() => setHelp(true)} onSilence={silence} onLogout={logout} />
      <Banners feed={board.feed} heard={heard} onCheckSound={onCheckSound} />
      <div className="desk__columns">
        <AlarmQueue
          queue={queue}
          loaded={board.loaded}
          selected={view?.caseNo}
          showClosed={showClosed}
          onToggleClosed={() => setShowClosed((shown) => !shown)}
          onChosen={() => setOver(undefined)}
        />
        {over === 'devices' ? (
          <DevicesPanel onFormOpen={setFormOpen} />
        ) : over === 'notices' ? (
          <NoticesPanel draft={draft} onDraft={setDraft} />
        ) : view ? (
          <>
            <CaseDesk view={view} detail={detail} commands={commands} />
            <PicturePanel key={view.caseNo} view={view} detail={detail} asked={asked} />
          </>
        ) : (
          <>
            <NoCase loaded={board.loaded} />
            <aside className="pictures panel" aria-label="现场画面" />
          </>
        )}
      </div>
      <HelpOverlay open={help} onClose={() => setHelp(false)} />
      {commands.form && (
        <CommandForm
          key={`${commands.form.view.caseNo} ${commands.form.name}`}
          form={commands.form}
          busy={commands.isPending(commands.form.name)}
          error={commands.error}
          onSubmit={commands.submit}
          onClose={commands.closeForm}
        />
      )}
    </div>
  );
}
