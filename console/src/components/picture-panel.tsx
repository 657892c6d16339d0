import type { CaseView, ConsoleCamera } from '@shouwang/protocol';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { CameraStrip } from './camera-strip.tsx';
import { useDesk } from './desk-context.ts';
import { MainPicture } from './main-picture.tsx';
import { UnmaskPanel } from './unmask/unmask-panel.tsx';
import { useBlockedMedia } from './use-blocked-media.ts';
import type { DetailState } from './use-case-detail.ts';
import { useCaseViews } from './use-case-views.ts';
import { useStills } from './use-stills.ts';

export const CAMERAS_SHOWN = 6;
/** How old what is said of the cameras may be. ms */
const STATES_MS = 10_000;

/** The camera to open on: what the caller was looking at, else the nearest that answers, else the nearest. */
export function firstCamera(view: Pick<CaseView, 'onScreen'>, cameras: readonly ConsoleCamera[]): string | undefined {
  const seen = cameras.find((camera) => camera.id === view.onScreen?.cameraId);
  return (seen ?? cameras.find((camera) => camera.online) ?? cameras[0])?.id;
}

interface Props {
  view: CaseView;
  detail: DetailState;
  /** The camera that a number key asked for. */
  asked: { index: number; n: number } | undefined;
}

/** Hop Ⓒ: the place of the alarm in pictures. A closed case shows none unless somebody asks: every look is on the record. */
export function PicturePanel({ view, detail, asked }: Props) {
  const [wantedFor, setWantedFor] = useState<string>();
  const [choice, setChoice] = useState<{ caseNo: string; cameraId: string }>();
  const blocked = useBlockedMedia();
  const { role } = useDesk().me;
  const mayWatch = role === 'operator';
  const wanted = view.state !== 'closed' || wantedFor === view.caseNo;
  const cameras = (detail.detail?.cameras ?? []).slice(0, CAMERAS_SHOWN);
  const views = useCaseViews(view.caseNo, wanted && mayWatch);
  const stills = useStills(
    views,
    cameras.filter((camera) => camera.online).map((camera) => camera.id),
  );
  const chosen = choice?.caseNo === view.caseNo ? choice.cameraId : firstCamera(view, cameras);
  const camera = cameras.find((c) => c.id === chosen);

  const { reload } = detail;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `reload` is another function each time
  useEffect(() => {
    if (!wanted) return;
    const id = setInterval(() => document.hidden || reload(), STATES_MS);
    return () => clearInterval(id);
  }, [view.caseNo, wanted]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each press of a number key acts once
  useEffect(() => {
    const target = asked && cameras[asked.index];
    if (target) setChoice({ caseNo: view.caseNo, cameraId: target.id });
  }, [asked?.n]);

  return (
    <aside className="pictures panel" aria-label="现场画面">
      {blocked && (
        <div className="pictures__blocked" role="alert">
          有新接入的视频节点，刷新页面后才能看到它的画面。
          <Button onClick={() => location.reload()}>刷新页面</Button>
        </div>
      )}
      {role === 'admin' ? (
        <UnmaskPanel key={view.caseNo} caseNo={view.caseNo} cameras={cameras} />
      ) : !mayWatch ? (
        <p className="pictures__empty">审计账号不能观看画面。</p>
      ) : !wanted ? (
        <div className="pictures__closed">
          <p>案件已办结，不再自动打开画面。</p>
          <Button onClick={() => setWantedFor(view.caseNo)}>查看现场画面（会记录在案）</Button>
        </div>
      ) : !detail.detail ? (
        <p className="pictures__empty">{detail.error ? `摄像头读取不到：${detail.error}` : '正在读取附近的摄像头…'}</p>
      ) : !camera ? (
        <p className="pictures__empty">附近没有接入摄像头。</p>
      ) : (
        <>
          <MainPicture
            key={camera.id}
            views={views}
            camera={camera}
            still={stills[camera.id]}
            pictureAt={view.onScreen?.cameraId === camera.id ? view.onScreen.pictureAt : undefined}
          />
          {!view.onScreen && <p className="pictures__note">按键时电视上没有开着摄像头，先打开最近的。</p>}
          <CameraStrip
            cameras={cameras}
            stills={stills}
            chosen={chosen}
            onScreen={view.onScreen?.cameraId}
            onChoose={(cameraId) => setChoice({ caseNo: view.caseNo, cameraId })}
          />
        </>
      )}
    </aside>
  );
}
