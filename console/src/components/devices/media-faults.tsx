import { MEDIA_FAULT_LABEL, type MediaFault } from '@shouwang/protocol';
import { useEffect, useState } from 'react';
import { durationText } from '../../services/time-text.ts';
import { useDesk, useNow } from '../desk-context.ts';

const LOOK_AGAIN_MS = 10_000;

/** What is wrong with cameras and media nodes now; nothing is shown while all is well. */
export function MediaFaults() {
  const desk = useDesk();
  const now = useNow();
  const [faults, setFaults] = useState<MediaFault[]>([]);
  useEffect(() => {
    let left = false;
    let id: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const { faults: found } = await desk.api.mediaFaults();
        if (!left) setFaults(found);
      } catch {
        // The list of devices beside it says that the centre cannot be reached.
      }
      if (!left) id = setTimeout(() => void look(), LOOK_AGAIN_MS);
    };
    void look();
    return () => {
      left = true;
      clearTimeout(id);
    };
  }, [desk]);
  if (faults.length === 0) return null;
  return (
    <section className="media-faults" aria-label="摄像头和视频节点" data-testid="media-faults">
      <h3 className="history__title">摄像头和视频节点</h3>
      <ul>
        {faults.map((f) => (
          <li key={`${f.node}/${f.cameraId ?? ''}/${f.fault}`} data-fault={f.fault} data-camera={f.cameraId}>
            <b>{f.cameraName ?? f.cameraId ?? `节点 ${f.node}`}</b> {MEDIA_FAULT_LABEL[f.fault]}
            <span className="media-faults__since">已 {durationText(now - f.since)}</span>
            {f.detail && <span className="media-faults__since">{f.detail}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
