import type { Household } from '@shouwang/protocol';
import { App, Button } from 'antd';
import { useState } from 'react';
import { errorText } from '../services/api-client.ts';
import { nearClockText } from '../services/time-text.ts';
import { useDesk, useNow } from './desk-context.ts';

type Home = Pick<Household, 'name' | 'address'>;

interface Props {
  boxId: string;
  /** ms; undefined: not in doubt. */
  since: number | undefined;
  /** Who is registered there, or where that is found out. */
  home: Home | (() => Promise<Home | undefined>);
  /** Nobody may ring there now. */
  silent: boolean;
  onConfirmed?: () => void;
}

/** The box was carried somewhere else: whoever is sent to the address may stand before the wrong house. Until a person says that it is right. */
export function AddressDoubt({ boxId, since, home, silent, onConfirmed }: Props) {
  const desk = useDesk();
  const now = useNow();
  const { modal } = App.useApp();
  const [error, setError] = useState<string>();
  if (since === undefined) return null;

  const confirm = () =>
    desk.confirmAddress(boxId).then(
      () => {
        setError(undefined);
        onConfirmed?.();
      },
      (e) => setError(errorText(e)),
    );
  const ask = async () => {
    const at = typeof home === 'function' ? await home() : home;
    if (!at) return;
    modal.confirm({
      title: '地址核实过了吗？',
      content: `${at.name}家现在就住在：${at.address}。确认后，这台机顶盒现在的位置就是新的依据。`,
      okText: '核实过，地址无误',
      cancelText: '还没有',
      focusable: { autoFocusButton: 'cancel' },
      onOk: confirm,
    });
  };

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
        <Button size="large" onClick={() => void ask()}>
          确认地址
        </Button>
      )}
    </div>
  );
}
