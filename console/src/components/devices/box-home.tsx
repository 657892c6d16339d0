import { Button } from 'antd';
import { useDesk } from '../desk-context.ts';
import { PhoneNumber } from '../phone-number.tsx';
import { useSilentNow } from '../silent-now.ts';
import { SilentPhone } from '../silent-warning.tsx';
import type { Home } from './use-home.ts';

/** Who lives with a box and how to reach them, behind a button that says that the look is recorded. */
export function BoxHome({ boxId, home }: { boxId: string; home: Home }) {
  const desk = useDesk();
  const silent = useSilentNow(boxId);
  const { household } = home;
  if (household)
    return (
      <div className="device__home" data-testid="box-home">
        <span>
          <strong>{household.name}</strong> · {household.address}
        </span>
        {silent ? <SilentPhone phone={household.phone} /> : <PhoneNumber phone={household.phone} />}
      </div>
    );
  if (desk.me.role !== 'operator') return null;
  return (
    <div className="device__home">
      <Button loading={home.busy} onClick={() => void home.lookUp('repair')}>
        查看住户
      </Button>
      <span className="device__since">查看会留下记录</span>
      {home.error && <span className="doubt__error">没有成功：{home.error}</span>}
    </div>
  );
}
