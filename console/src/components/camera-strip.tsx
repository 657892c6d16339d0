import type { ConsoleCamera } from '@shouwang/protocol';
import { cameraFaultText } from '../services/media/camera-words.ts';
import { clockText, distanceText } from '../services/time-text.ts';
import { StillMark } from './still-mark.tsx';
import type { StillState } from './use-stills.ts';

interface Props {
  cameras: readonly ConsoleCamera[];
  stills: Record<string, StillState>;
  chosen: string | undefined;
  onScreen: string | undefined;
  onChoose: (cameraId: string) => void;
}

/** The nearest cameras as still pictures; a number key or a click makes one the large picture. */
export function CameraStrip({ cameras, stills, chosen, onScreen, onChoose }: Props) {
  return (
    <fieldset className="strip" aria-label="附近的摄像头">
      {cameras.map((camera, i) => (
        <button
          key={camera.id}
          type="button"
          className={`tile ${camera.id === chosen ? 'tile--chosen' : ''}`}
          aria-pressed={camera.id === chosen}
          aria-keyshortcuts={String(i + 1)}
          aria-label={camera.name}
          title={camera.name}
          data-camera={camera.id}
          data-fault={camera.online ? camera.fault?.fault : 'node-offline'}
          onClick={() => onChoose(camera.id)}
        >
          <TilePicture camera={camera} state={stills[camera.id]} />
          <span className="tile__name">
            <kbd className="key" aria-hidden>
              {String(i + 1)}
            </kbd>
            <span className="tile__label">{camera.name}</span>
          </span>
          <span className="tile__more">
            <CameraState camera={camera} />
            {camera.id === onScreen && <span className="tile__press">按键时</span>}
          </span>
        </button>
      ))}
    </fieldset>
  );
}

function CameraState({ camera }: { camera: ConsoleCamera }) {
  const fault = cameraFaultText(camera);
  if (fault) return <span className="tile__fault">{fault}</span>;
  return (
    <span>
      {camera.live && <span className="tile__live" role="img" aria-label="有画面" title="有画面" />}
      {camera.distanceM !== undefined && distanceText(camera.distanceM)}
    </span>
  );
}

function TilePicture({ camera, state }: { camera: ConsoleCamera; state: StillState | undefined }) {
  if (state?.still) {
    return (
      <span className="tile__frame">
        <img className="tile__still" src={state.still.blobUrl} alt="" />
        <StillMark />
        {state.still.pictureAt !== undefined && <time className="tile__time">{clockText(state.still.pictureAt)}</time>}
      </span>
    );
  }
  return <span className="tile__frame tile__frame--none">{!camera.online ? '离线' : state?.error ? '没有画面' : '…'}</span>;
}
