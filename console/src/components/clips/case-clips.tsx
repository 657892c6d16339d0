import { type CaseClip, type CaseView, type Me, UNMASK_ROLES, type Unmask } from '@shouwang/protocol';
import { Button } from 'antd';
import { useState } from 'react';
import { errorText } from '../../services/api-client.ts';
import { clipStateText, gapText } from '../../services/media/clip-words.ts';
import { dayClockText } from '../../services/time-text.ts';
import { useDesk } from '../desk-context.ts';
import { UnmaskDialog } from '../unmask/unmask-dialog.tsx';
import { CaseHolds } from './case-holds.tsx';
import { ClipPlayer } from './clip-player.tsx';
import { useCaseClips } from './use-case-clips.ts';
import { saveBlob, useClipFiles } from './use-clip-files.ts';

/** The clips of the case: what was recorded around the press, to look at and to take along. Every look is on the record. */
export function CaseClipList({ view }: { view: CaseView }) {
  const { clips, error, reload } = useCaseClips(view.caseNo, view.revision);
  const [playing, setPlaying] = useState<{ clip: CaseClip; n: number; unmask: Unmask | undefined }>();
  const { role } = useDesk().me;
  if (!clips && !error) return null;
  if (clips?.clips.length === 0 && clips.holds.length === 0 && role === 'operator') return null;
  return (
    <section className="clips" aria-label="现场录像" data-testid="clips">
      <h3 className="history__title">现场录像</h3>
      {error && (
        <p className="history__error" role="alert">
          录像读取不到：{error}{' '}
          <button type="button" onClick={reload}>
            重试
          </button>
        </p>
      )}
      <ul className="clips__list">
        {clips?.clips.map((clip) => (
          <ClipRow key={clip.clipId} caseNo={view.caseNo} clip={clip} onPlay={(n, unmask) => setPlaying({ clip, n, unmask })} />
        ))}
      </ul>
      {clips && <CaseHolds caseNo={view.caseNo} holds={clips.holds} onChanged={reload} />}
      {playing && <ClipPlayer caseNo={view.caseNo} {...playing} onClose={() => setPlaying(undefined)} />}
    </section>
  );
}

type Play = (n: number, unmask?: Unmask) => void;

function ClipRow({ caseNo, clip, onPlay }: { caseNo: string; clip: CaseClip; onPlay: Play }) {
  const gap = gapText(clip);
  return (
    <li className="clips__row" data-camera={clip.cameraId} data-state={clip.state}>
      <div className="clips__what">
        <b>{clip.cameraName}</b>
        <span className="clips__state">{clipStateText(clip)}</span>
        {clip.masked && <span className="clips__masked">画面有遮挡</span>}
        {gap && <span className="clips__gap">{gap}</span>}
        {clip.state === 'complete' && <span className="clips__keep">保存到 {dayClockText(clip.keepUntil)}，有留存则不删</span>}
      </div>
      {clip.parts.map((part) => (
        <ClipButtons
          key={part.n}
          caseNo={caseNo}
          clip={clip}
          n={part.n}
          many={clip.parts.length > 1}
          whole={part.stage === 'whole'}
          onPlay={(unmask) => onPlay(part.n, unmask)}
        />
      ))}
    </li>
  );
}

interface ButtonsProps {
  caseNo: string;
  clip: CaseClip;
  n: number;
  many: boolean;
  whole: boolean;
  onPlay: (unmask?: Unmask) => void;
}

function ClipButtons({ caseNo, clip, n, many, whole, onPlay }: ButtonsProps) {
  const { role } = useDesk().me;
  const files = useClipFiles();
  const [busy, setBusy] = useState<string>();
  const [error, setError] = useState<string>();
  /** What a reason is asked for. */
  const [asking, setAsking] = useState<'play' | 'original'>();
  const wanted = { caseNo, clipId: clip.clipId, n };
  const name = `${caseNo}-${clip.cameraId}-${n}`;

  const run = async (word: string, work: () => Promise<void>) => {
    setBusy(word);
    setError(undefined);
    try {
      await work();
    } catch (cause) {
      setError(errorText(cause));
    } finally {
      setBusy(undefined);
    }
  };
  const takeExport = () =>
    run('正在导出 0%', async () => saveBlob(await files.export(wanted, (p) => setBusy(`正在导出 ${p}%`)), `${name}-带水印.mp4`));
  const takeOriginal = (unmask?: Unmask) =>
    run('正在下载', async () => {
      const { mp4, manifest } = await files.original({ ...wanted, unmask });
      saveBlob(mp4, `${name}.mp4`);
      saveBlob(manifest, `${name}.json`);
    });

  const disabled = !clip.online || busy !== undefined;
  return (
    <div className="clips__buttons">
      {many && <span>第 {n} 段</span>}
      {role === 'operator' && (
        <Button type="primary" disabled={!clip.online} onClick={() => onPlay()} aria-label={`播放 ${clip.cameraName} 的录像`}>
          播放
        </Button>
      )}
      {role === 'operator' && whole && (
        <Button disabled={disabled} onClick={() => void takeExport()}>
          导出（带水印）
        </Button>
      )}
      {role === 'admin' && clip.masked && (
        <Button disabled={disabled} onClick={() => setAsking('play')}>
          查看原画面…
        </Button>
      )}
      {whole && mayTakeOriginal(role, clip) && (
        <Button disabled={disabled} onClick={() => (clip.masked ? setAsking('original') : void takeOriginal())}>
          原始文件和清单{clip.masked && '（无遮挡）…'}
        </Button>
      )}
      {asking && (
        <UnmaskDialog
          title={`${clip.cameraName} 的录像：${asking === 'play' ? '查看原画面' : '取走原始文件'}（无遮挡）`}
          onCancel={() => setAsking(undefined)}
          onAsk={(unmask) => {
            if (asking === 'play') onPlay(unmask);
            else void takeOriginal(unmask);
            setAsking(undefined);
          }}
        />
      )}
      {busy && <span role="status">{busy}</span>}
      {error && (
        <span className="history__error" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

/** As the centre decides it (`UNMASK_ROLES`), so that nothing is offered that is then refused. */
function mayTakeOriginal(role: Me['role'], { masked }: CaseClip): boolean {
  const roles: readonly Me['role'][] = masked ? UNMASK_ROLES.original : ['operator', 'auditor'];
  return roles.includes(role);
}
