import { TROUBLE_LABEL, type WorkOrder } from '@shouwang/protocol';
import { Button, Input, type InputRef, Modal } from 'antd';
import { useRef, useState } from 'react';
import { errorText } from '../../services/api-client.ts';
import { cleanText } from '../../services/clean-text.ts';
import { useDesk } from '../desk-context.ts';
import { onCtrlEnter, SubmitButton } from '../submit-button.tsx';

interface Props {
  order: WorkOrder;
  onClose: () => void;
  onDone: () => void;
}

/** Who sees to a work order, and what there is to say about it. Ctrl+Enter sends, Esc leaves. */
export function OrderForm({ order, onClose, onDone }: Props) {
  const desk = useDesk();
  const [assignee, setAssignee] = useState(order.assignee ?? '');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const field = useRef<InputRef>(null);
  const who = cleanText(assignee);
  const words = cleanText(text);
  const changed = who !== (order.assignee ?? '');
  const ready = changed || words !== '';

  const submit = () => {
    if (!ready || busy) return;
    setBusy(true);
    desk.api.noteOrder(order.id, { ...(changed ? { assignee: who } : {}), ...(words ? { text: words } : {}) }).then(onDone, (e) => {
      setBusy(false);
      setError(errorText(e));
    });
  };
  const onKeyDown = onCtrlEnter(submit);

  return (
    <Modal
      open
      title={`工单 ${order.id} · ${TROUBLE_LABEL[order.kind]} · ${order.areaName} ${order.boxId}`}
      width={640}
      onCancel={onClose}
      mask={{ closable: false }}
      afterOpenChange={(open) => open && field.current?.focus()}
      footer={[
        <Button key="cancel" onClick={onClose} aria-label="取消">
          取消 <kbd className="key">Esc</kbd>
        </Button>,
        <SubmitButton key="ok" label="保存" disabled={!ready} loading={busy} onClick={submit} />,
      ]}
    >
      {error && (
        <p className="commands__error" role="alert">
          没有成功：{error}
        </p>
      )}
      <label className="form__label" htmlFor="order-assignee">
        派给谁
      </label>
      <Input
        id="order-assignee"
        ref={field}
        value={assignee}
        maxLength={40}
        onChange={(e) => setAssignee(e.target.value)}
        onKeyDown={onKeyDown}
      />
      <label className="form__label" htmlFor="order-text">
        备注
      </label>
      <Input.TextArea
        id="order-text"
        value={text}
        maxLength={500}
        showCount
        autoSize={{ minRows: 3, maxRows: 8 }}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={onKeyDown}
      />
    </Modal>
  );
}
