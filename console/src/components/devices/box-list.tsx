import { type FleetBox, PRESENCE_LABEL, TROUBLE_LABEL } from '@shouwang/protocol';
import { Button } from 'antd';
import { durationText, nearClockText } from '../../services/time-text.ts';
import { AddressDoubt } from '../address-doubt.tsx';
import { useNow } from '../desk-context.ts';
import { useSilentNow } from '../silent-now.ts';
import { BoxHome } from './box-home.tsx';
import { useHome } from './use-home.ts';

interface Props {
  boxes: FleetBox[];
  more: boolean;
  loaded: boolean;
  onChanged: () => void;
  /** Absent: whoever looks gives out no codes. */
  onActivate: ((boxId: string) => void) | undefined;
}

/** Boxes that are not well, each with plain words for what is wrong, and since when. */
export function BoxList({ boxes, more, loaded, onChanged, onActivate }: Props) {
  if (boxes.length === 0) return <p className="devices__none">{loaded ? '这里的设备都正常。' : '正在读取…'}</p>;
  return (
    <ul className="devices__list">
      {boxes.map((box) => (
        <BoxRow key={box.boxId} box={box} onChanged={onChanged} onActivate={onActivate} />
      ))}
      {more && <li className="devices__none">还有更多，请选一个村查看。</li>}
    </ul>
  );
}

function BoxRow({ box, onChanged, onActivate }: Pick<Props, 'onChanged' | 'onActivate'> & { box: FleetBox }) {
  const now = useNow();
  const home = useHome(box.boxId);
  return (
    <li className="device" data-testid="device" data-box={box.boxId} data-presence={box.presence}>
      <div className="device__who">
        <span className={`presence presence--${box.presence}`}>{PRESENCE_LABEL[box.presence]}</span>
        <strong className="device__name">
          {box.areaName} {box.boxId}
        </strong>
        {box.version && <span className="device__id">{box.version}</span>}
        {onActivate && <Button onClick={() => onActivate(box.boxId)}>开通…</Button>}
      </div>
      <BoxHome boxId={box.boxId} home={home} />
      {box.presence !== 'online' && box.heardAt !== undefined && (
        <p className="device__trouble">
          最后一次收到消息 {nearClockText(box.heardAt, now)}，已 {durationText(now - box.heardAt)}没有消息
        </p>
      )}
      {box.faults.map((fault) => (
        <p key={fault.kind} className="device__trouble" data-fault={fault.kind}>
          {TROUBLE_LABEL[fault.kind]}
          <span className="device__since">
            自 {nearClockText(fault.since, now)}
            {fault.detail ? ` · ${fault.detail}` : ''}
          </span>
        </p>
      ))}
      <AddressDoubt
        boxId={box.boxId}
        since={box.addressInDoubtSince}
        home={home.household ?? (() => home.lookUp('address'))}
        silent={useSilentNow(box.boxId)}
        onConfirmed={onChanged}
      />
    </li>
  );
}
