import { type FleetCounts, PRESENCE_LABEL, type WorkOrder } from '@shouwang/protocol';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useDesk } from '../desk-context.ts';
import { ActivationDialog } from './activation-dialog.tsx';
import { BoxList } from './box-list.tsx';
import { MediaFaults } from './media-faults.tsx';
import { OrderForm } from './order-form.tsx';
import { OrderList } from './order-list.tsx';
import { useFleet } from './use-fleet.ts';

/** The boxes: how many are well, by village; who is not and why; who sees to it. The queue of alarms stays beside it. */
export function DevicesPanel({ onFormOpen }: { onFormOpen: (open: boolean) => void }) {
  const [village, setVillage] = useState('');
  const [shown, setShown] = useState<'boxes' | 'orders'>('boxes');
  const [order, setOrder] = useState<WorkOrder>();
  /** The box that is being activated; empty: one is asked for. */
  const [activating, setActivating] = useState<string>();
  const fleet = useFleet(village);
  const { overview } = fleet;
  const isAdmin = useDesk().me.role === 'admin';
  const open = order !== undefined || activating !== undefined;
  useEffect(() => {
    onFormOpen(open);
    return () => onFormOpen(false);
  }, [open, onFormOpen]);

  return (
    <main className="devices panel" aria-label="设备" data-testid="devices">
      <header className="devices__head">{overview ? <Totals counts={overview.total} /> : <p>{fleet.error ?? '正在读取…'}</p>}</header>
      {overview && fleet.error && (
        <p className="devices__error" role="alert">
          没有读到最新情况：{fleet.error}
        </p>
      )}
      <MediaFaults />
      <div className="devices__body">
        <nav className="villages" aria-label="村">
          <VillageRow name="全部" counts={overview?.total} chosen={village === ''} onChoose={() => setVillage('')} />
          {overview?.villages.map((v) => (
            <VillageRow key={v.area} name={v.areaName} counts={v} chosen={village === v.area} onChoose={() => setVillage(v.area)} />
          ))}
        </nav>
        <section className="devices__lists">
          <div className="devices__tabs" role="tablist">
            <Button
              role="tab"
              aria-selected={shown === 'boxes'}
              type={shown === 'boxes' ? 'primary' : 'default'}
              onClick={() => setShown('boxes')}
            >
              有问题的设备
            </Button>
            <Button
              role="tab"
              aria-selected={shown === 'orders'}
              type={shown === 'orders' ? 'primary' : 'default'}
              onClick={() => setShown('orders')}
            >
              工单
            </Button>
            {isAdmin && (
              <Button className="devices__activate" onClick={() => setActivating('')}>
                开通机顶盒…
              </Button>
            )}
          </div>
          <div className="devices__scroll" role="tabpanel">
            {shown === 'boxes' ? (
              <BoxList
                boxes={fleet.boxes}
                more={fleet.moreBoxes}
                loaded={overview !== undefined}
                onChanged={fleet.reload}
                onActivate={isAdmin ? setActivating : undefined}
              />
            ) : (
              <OrderList orders={fleet.orders} more={fleet.moreOrders} loaded={overview !== undefined} onWrite={setOrder} />
            )}
          </div>
        </section>
      </div>
      {activating !== undefined && (
        <ActivationDialog
          boxId={activating}
          onClose={() => {
            setActivating(undefined);
            fleet.reload();
          }}
        />
      )}
      {order && (
        <OrderForm
          order={order}
          onClose={() => setOrder(undefined)}
          onDone={() => {
            setOrder(undefined);
            fleet.reload();
          }}
        />
      )}
    </main>
  );
}

/** `tone`: how loudly a number that is not zero is drawn. */
const TOTALS = [
  { key: 'online', zh: PRESENCE_LABEL.online, tone: 'good' },
  { key: 'suspect', zh: PRESENCE_LABEL.suspect, tone: 'warn' },
  { key: 'offline', zh: PRESENCE_LABEL.offline, tone: 'warn' },
  { key: 'faulty', zh: '有故障', tone: 'alarm' },
  { key: 'inDoubt', zh: '地址待核实', tone: 'alarm' },
  { key: 'unseen', zh: PRESENCE_LABEL.unseen, tone: 'quiet' },
  { key: 'orders', zh: '未完工单', tone: 'quiet' },
] as const;

function Totals({ counts }: { counts: FleetCounts }) {
  return (
    <dl className="totals">
      {TOTALS.map(({ key, zh, tone }) => (
        <div key={key} className="totals__one">
          <dt>{zh}</dt>
          <dd className={`totals__n totals__n--${counts[key] > 0 ? tone : 'quiet'}`} data-count={key}>
            {counts[key]}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function VillageRow(props: { name: string; counts: FleetCounts | undefined; chosen: boolean; onChoose: () => void }) {
  const { name, counts, chosen, onChoose } = props;
  return (
    <button type="button" className={`village ${chosen ? 'village--chosen' : ''}`} aria-pressed={chosen} onClick={onChoose}>
      <span className="village__name">{name}</span>
      {counts && (
        <span className="village__counts">
          <span>
            在线 {counts.online} / {counts.boxes}
          </span>
          <VillageTroubles counts={counts} />
        </span>
      )}
    </button>
  );
}

function VillageTroubles({ counts }: { counts: FleetCounts }) {
  const words = [
    counts.suspect > 0 && `失联\u00a0${counts.suspect}`,
    counts.offline > 0 && `离线\u00a0${counts.offline}`,
    counts.faulty > 0 && `故障\u00a0${counts.faulty}`,
    counts.inDoubt > 0 && `地址\u00a0${counts.inDoubt}`,
    counts.orders > 0 && `工单\u00a0${counts.orders}`,
  ].filter(Boolean);
  return words.length > 0 ? <span className="village__troubles">{words.join(' · ')}</span> : null;
}
