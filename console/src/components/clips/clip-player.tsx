import type { CaseClip, Unmask } from '@shouwang/protocol';
import { Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { errorText } from '../../services/api-client.ts';
import { clockText } from '../../services/time-text.ts';
import { useDesk } from '../desk-context.ts';
import { useClipFiles } from './use-clip-files.ts';

interface Props {
  caseNo: string;
  clip: CaseClip;
  n: number;
  /** Without the masks, for this reason. */
  unmask: Unmask | undefined;
  onClose: () => void;
}

/** Plays a clip. A browser that cannot decode it is given the converted one. */
export function ClipPlayer({ caseNo, clip, n, unmask, onClose }: Props) {
  const { me } = useDesk();
  const files = useClipFiles();
  const [url, setUrl] = useState<string>();
  const [words, setWords] = useState('正在读取录像…');
  const [convert, setConvert] = useState(false);
  const part = clip.parts.find((p) => p.n === n);

  useEffect(() => {
    let left = false;
    let made: string | undefined;
    setUrl(undefined);
    const wanted = { caseNo, clipId: clip.clipId, n, unmask };
    const loading = convert
      ? files.export(wanted, (p) => !left && setWords(`正在转换 ${p}%`))
      : files.play(wanted, () => !left && setWords('正在加遮挡，请稍候…'));
    loading.then(
      (blob) => {
        if (left) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      },
      (error) => !left && setWords(`录像打不开：${errorText(error)}`),
    );
    return () => {
      left = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [files, caseNo, clip.clipId, n, unmask, convert]);

  return (
    <Modal open onCancel={onClose} footer={null} width={960} title={`${clip.cameraName} 的录像`} destroyOnHidden>
      {url ? (
        <div className="clip-player">
          {/* biome-ignore lint/a11y/useMediaCaption: a camera's picture has no words */}
          <video
            className="clip-player__video"
            data-testid="clip-video"
            src={url}
            controls
            autoPlay
            onError={() => {
              if (convert) setWords('录像打不开：浏览器不能解码');
              setUrl(undefined);
              setConvert(true);
            }}
          />
          <span className="clip-player__mark" aria-hidden>
            {me.user} {caseNo}
          </span>
        </div>
      ) : (
        <p role="status">{words}</p>
      )}
      {part && (
        <p>
          {clockText(part.from)} – {clockText(part.to)}，{part.frames} 帧。{clip.masked && (unmask ? '原画面，没有遮挡。' : '画面有遮挡。')}
          本次查看已记录在案。 <Button onClick={onClose}>关闭</Button>
        </p>
      )}
    </Modal>
  );
}
