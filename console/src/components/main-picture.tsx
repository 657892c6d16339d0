import type { ConsoleCamera } from '@shouwang/protocol';
import { Button } from 'antd';
import { useRef } from 'react';
import { cameraFaultText } from '../services/media/camera-words.ts';
import { clockText, distanceText } from '../services/time-text.ts';
import { useNow } from './desk-context.ts';
import type { Views } from './use-case-views.ts';
import { useLivePicture } from './use-live-picture.ts';
import type { StillState } from './use-stills.ts';

interface Props {
  views: Views | undefined;
  camera: ConsoleCamera;
  still: StillState | undefined;
  /** When the picture was taken that the caller saw at the press, if it was this camera; ms. */
  pictureAt: number | undefined;
}

const STATE_WORD = { connecting: '正在接通', playing: '实时', stalled: '画面停住，正在恢复', failed: '实时画面接不通' } as const;

/** One camera, live; its last still lies under it until pictures move. */
export function MainPicture({ views, camera, still, pictureAt }: Props) {
  useNow();
  const video = useRef<HTMLVideoElement>(null);
  const live = useLivePicture(video, views, camera.id);
  const { state, transport } = live.status;
  // The video is clear until its first frame, and keeps its last one: whichever is on top has its time told.
  const frameAt = state === 'connecting' ? undefined : live.pictureTime();
  const shownAt = frameAt ?? (state === 'playing' ? undefined : still?.still?.pictureAt);
  const word = state === 'connecting' && live.status.code ? '还没接通，正在重试' : STATE_WORD[state];
  const reason = live.error ?? (state === 'failed' ? still?.error : undefined);

  return (
    <figure className="picture" data-testid="main-picture" data-camera={camera.id} data-state={state} data-transport={transport ?? ''}>
      <div className="picture__frame">
        {still?.still && <img className="picture__still" src={still.still.blobUrl} alt={`${camera.name} 静止画面`} />}
        <video ref={video} className="picture__video" muted autoPlay playsInline aria-label={`${camera.name} 实时画面`} />
        <div className={`picture__state picture__state--${state}`} role="status">
          {word}
          {shownAt !== undefined && <time> {clockText(shownAt)}</time>}
          {state !== 'playing' && shownAt !== undefined && <span> · 静止画面</span>}
        </div>
        {state === 'failed' && (
          <div className="picture__failed">
            {reason && <p>{reason}</p>}
            <Button onClick={live.retry}>重新接通</Button>
          </div>
        )}
      </div>
      <figcaption className="picture__caption">
        <span className="picture__name">{camera.name}</span>
        <span className="picture__place">
          {camera.place}
          {camera.distanceM !== undefined && ` · 距离 ${distanceText(camera.distanceM)}`}
        </span>
        {cameraFaultText(camera) && (
          <span className="picture__fault" data-fault={camera.fault?.fault}>
            {cameraFaultText(camera)}
          </span>
        )}
        {pictureAt !== undefined && (
          <span className="picture__press" data-testid="picture-at">
            按键时正在看 {clockText(pictureAt)}
          </span>
        )}
      </figcaption>
    </figure>
  );
}
