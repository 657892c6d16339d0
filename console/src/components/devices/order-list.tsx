import { TROUBLE_LABEL, type WorkOrder, type WorkOrderEvent } from '@shouwang/protocol';
import { Button } from 'antd';
import { durationText, nearClockText } from '../../services/time-text.ts';
import { useDesk, useNow } from '../desk-context.ts';
import { BoxHome } from './box-home.tsx';
import { useHome } from './use-home.ts';

interface Props {
  orders: WorkOrder[];
  more: boolean;
  loaded: boolean;
  onWrite: (order: WorkOrder) => void;
}

/** Open work orders, the oldest first. They close themselves when the box is well again. */
export function OrderList({ orders, more, loaded, onWrite }: Props) {
  if (orders.length === 0) return <p className="devices__none">{loaded ? '没有未完的工单。' : '正在读取…'}</p>;
  return (
    <ul className="devices__list">
      {orders.map((order) => (
        <OrderRow key={order.id} order={order} onWrite={onWrite} />
      ))}
      {more && <li className="devices__none">还有更多，请选一个村查看。</li>}
    </ul>
  );
}

const EVENT_WORD: Record<WorkOrderEvent['event'], string> = {
  opened: '开单',
  closed: '恢复，自动结单',
  reopened: '又出现，重新开单',
  noted: '备注',
  assigned: '派给',
};
/** The newest so many steps are shown. */
const STEPS_SHOWN = 4;

function OrderRow({ order, onWrite }: { order: WorkOrder; onWrite: (order: WorkOrder) => void }) {
  const desk = useDesk();
  const now = useNow();
  const home = useHome(order.boxId);
  return (
    <li className="device" data-testid="order" data-order={order.id} data-kind={order.kind}>
      <div className="device__who">
        <span className="order__no">工单 {order.id}</span>
        <strong className="device__name">{TROUBLE_LABEL[order.kind]}</strong>
        <span className="order__since">已 {durationText(now - order.since)}</span>
        {desk.me.role === 'operator' && <Button onClick={() => onWrite(order)}>派人、备注</Button>}
      </div>
      <div className="order__home">
        <p className="device__where">
          {order.areaName} {order.boxId}
        </p>
        <BoxHome boxId={order.boxId} home={home} />
      </div>
      {order.assignee && <p className="order__assignee">负责人：{order.assignee}</p>}
      <ol className="order__steps">
        {order.history.slice(-STEPS_SHOWN).map((step, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
          <li key={i}>
            <time>{nearClockText(step.at, now)}</time> {EVENT_WORD[step.event]}
            {step.event === 'assigned' && !step.text ? '：无人' : ''}
            {step.text ? `：${step.text}` : ''}
            {step.by !== 'clock' && <span className="device__since">{step.by}</span>}
          </li>
        ))}
      </ol>
    </li>
  );
}
