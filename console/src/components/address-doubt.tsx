import type { Household } from '@shouwang/protocol';
import { App, Button } from 'antd';
import { useState } from 'react';
import { errorText } from '../services/api-client.ts';
import { nearClockText } from '../services/time-text.ts';
import { useDesk, useNow } from './desk-context.ts';

interface Props {
  household: Household;
  /** Nobody may ring there now. */
  silent: boolean;
  onConfirmed?: () => void;
}

/** The box was carried somewhere else: whoever is sent to the address may stand before the wrong house. Until a person says that it is right. */
export function AddressDoubt({ household, silent, onConfirmed }: Props) {
  const desk = useDesk();
  const now = useNow();
  const { modal } = App.useApp();
  const [error, setError] = useState<string>();
  const since = household.addressInDoubtSince;
  if (since === undefined) return null;

  const confirm = () =>
    desk.confirmAddress(household.boxId).then(
      () => {
        setError(undefined);
        onConfirmed?.();
      },
      (e) => setError(errorText(e)),
    );
  const ask = () =>
    modal.confirm({
      title: '地址核实过了吗？',
      content: `${household.name}家现在就住在：${household.address}。确认后，这台机顶盒现在的位置就是新的依据。`,
      okText: '核实过，地址无误',
      cancelText: '还没有',
      focusable: { autoFocusButton: 'cancel' },
      onOk: confirm,
    });

  return (
    <div className="doubt" role="alert" data-testid="address-in-doubt">
      <div className="doubt__words">
        <strong className="doubt__title">地址待核实</strong>
        <span>
          {nearClockText(since, now)} 起，机顶盒接在了别处的网络上。
          {silent ? '人可能不在登记的地址，不要打电话去问，向村干部、邻居核实。' : '先打电话问清人在哪里，再派人。'}
        </span>
        {error && <span className="doubt__error">没有成功：{error}</span>}
      </div>
      {desk.me.role === 'operator' && (
        <Button size="large" onClick={ask}>
          确认地址
        </Button>
      )}
    </div>
  );
}
