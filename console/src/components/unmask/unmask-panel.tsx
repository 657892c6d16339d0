import { type ConsoleCamera, UNMASK_LABEL, UNMASKED_S, type Unmask } from '@shouwang/protocol';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { cameraFaultText } from '../../services/media/camera-words.ts';
import { MainPicture } from '../main-picture.tsx';
import { useUnmaskedViews } from '../use-case-views.ts';
import { UnmaskDialog } from './unmask-dialog.tsx';

interface Looking {
  camera: ConsoleCamera;
  unmask: Unmask;
}

/** For administrators: the masked cameras near a case, each without its masks for a reason. Nothing is opened by itself. */
export function UnmaskPanel({ caseNo, cameras }: { caseNo: string; cameras: readonly ConsoleCamera[] }) {
  const [asking, setAsking] = useState<ConsoleCamera>();
  const [looking, setLooking] = useState<Looking>();
  const masked = cameras.filter((camera) => camera.masked);
  useEffect(() => {
    if (!looking) return;
    const id = setTimeout(() => setLooking(undefined), UNMASKED_S * 1000);
    return () => clearTimeout(id);
  }, [looking]);

  return (
    <div className="unmask-panel" data-testid="unmask-panel">
      <p className="pictures__note">管理员不看日常画面。有遮挡的摄像头，可以说明理由后查看原画面。</p>
      {masked.length === 0 && <p className="pictures__empty">附近没有带遮挡的摄像头。</p>}
      {looking && <OpenPicture key={looking.camera.id} caseNo={caseNo} {...looking} onClose={() => setLooking(undefined)} />}
      <ul className="unmask-panel__list">
        {masked.map((camera) => (
          <li key={camera.id} data-camera={camera.id}>
            <span>
              <b>{camera.name}</b> <span className="picture__place">{camera.place}</span> {cameraFaultText(camera)}
            </span>
            <Button disabled={!camera.online || looking?.camera.id === camera.id} onClick={() => setAsking(camera)}>
              查看原画面…
            </Button>
          </li>
        ))}
      </ul>
      {asking && (
        <UnmaskDialog
          title={`查看 ${asking.name} 的原画面（无遮挡）`}
          onCancel={() => setAsking(undefined)}
          onAsk={(unmask) => {
            setLooking({ camera: asking, unmask });
            setAsking(undefined);
          }}
        />
      )}
    </div>
  );
}

function OpenPicture({ caseNo, camera, unmask, onClose }: Looking & { caseNo: string; onClose: () => void }) {
  const views = useUnmaskedViews(caseNo, unmask);
  return (
    <div>
      <p className="unmask-panel__open" role="status">
        <span>
          原画面，没有遮挡 · 已记录在案：{UNMASK_LABEL[unmask.reason]} · {unmask.words}
        </span>
        <Button onClick={onClose}>关闭</Button>
      </p>
      <MainPicture views={views} camera={camera} still={undefined} pictureAt={undefined} />
    </div>
  );
}
