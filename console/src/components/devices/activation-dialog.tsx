import { Button, Input, type InputRef, Modal } from 'antd';
import { useRef, useState } from 'react';
import { codeGroups, reportedText } from '../../services/activation.ts';
import { durationText, nearClockText } from '../../services/time-text.ts';
import { useNow } from '../desk-context.ts';
import { type ActivationDesk, useActivation } from './use-activation.ts';

/** As long as a box's number may be. */
const LONGEST_ID = 40;

interface Props {
  /** Empty: it is typed. */
  boxId: string;
  onClose: () => void;
}

/** For an administrator on the telephone with the engineer: whose box it is, then a code for it, until the box has used it. */
export function ActivationDialog({ boxId, onClose }: Props) {
  const [typed, setTyped] = useState(boxId);
  const field = useRef<InputRef>(null);
  const activation = useActivation();
  const { home, given, state, busy, error } = activation;
  const wanted = typed.trim();
  return (
    <Modal
      open
      title="开通机顶盒"
      width={640}
      onCancel={onClose}
      mask={{ closable: false }}
      afterOpenChange={(open) => open && field.current?.focus()}
      footer={[
        <Button key="close" onClick={onClose} aria-label="关闭">
          关闭 <kbd className="key">Esc</kbd>
        </Button>,
        home && state !== 'open' && state !== 'used' && (
          <Button key="give" type="primary" loading={busy} onClick={activation.give}>
            {given ? '再给一个开通码' : '给开通码'}
          </Button>
        ),
      ]}
    >
      <form
        className="activation__box"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted && !busy) activation.lookUp(wanted);
        }}
      >
        <label className="form__label" htmlFor="activation-box">
          机顶盒编号
        </label>
        <Input
          id="activation-box"
          ref={field}
          value={typed}
          maxLength={LONGEST_ID}
          // What is shown below belongs to this number.
          readOnly={busy || state === 'open'}
          autoComplete="off"
          onChange={(event) => {
            setTyped(event.target.value);
            activation.forget();
          }}
        />
        {!home && (
          <Button htmlType="submit" type="primary" disabled={!wanted} loading={busy}>
            查看住户
          </Button>
        )}
      </form>
      {!home && <p className="activation__hint">先看清是谁家的机顶盒，再给开通码。查看会留下记录。</p>}
      {error && (
        <p className="commands__error" role="alert">
          {error}
        </p>
      )}
      {home && (
        <p className="activation__home" data-testid="activation-home">
          <strong>{home.name}</strong> · {home.address}
        </p>
      )}
      {home && !given && (
        <p className="activation__hint">和安装人员核对住户，再念给他开通码。码用了以后，原来用这个编号的机顶盒就连不上了。</p>
      )}
      {given && <Code {...activation} given={given} />}
    </Modal>
  );
}

function Code({ given, state, seen, answers }: ActivationDesk & { given: NonNullable<ActivationDesk['given']> }) {
  const now = useNow();
  if (state === 'used')
    return (
      <div className="activation__done" role="status" data-testid="activation" data-state={state}>
        <strong>已开通</strong>
        {seen?.activatedAt !== undefined && <span>{nearClockText(seen.activatedAt, now)}</span>}
        {seen?.reported && <p className="activation__hint">{reportedText(seen.reported)}。这是机顶盒自己说的，请和工单核对。</p>}
      </div>
    );
  if (state !== 'open')
    return (
      <p className="activation__gone" role="status" data-testid="activation" data-state={state}>
        {state === 'over' ? '时间到了，没有用上。' : '这个码作废了：又给了新的，或者输错的次数太多。'}
      </p>
    );
  return (
    <div className="activation__code" data-testid="activation" data-state={state}>
      <output className="activation__digits" aria-label="开通码">
        {codeGroups(given.code)}
      </output>
      <p>
        有效到 {nearClockText(given.expiresAt, now)}，还有 {durationText(given.expiresAt - now)}
      </p>
      <p className="activation__hint">只能用一次，关了这个窗口就看不到了。</p>
      <p className="activation__waits" role="status">
        {answers ? '等安装人员在遥控器上输入…' : '连不上中心，不知道用了没有'}
      </p>
    </div>
  );
}
