import { UNMASK_LABEL, UNMASK_REASONS, type Unmask, type UnmaskReason } from '@shouwang/protocol';
import { Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { cleanText } from '../../services/clean-text.ts';

const REASONS = UNMASK_REASONS.map((value) => ({ value, label: UNMASK_LABEL[value] }));
const ENOUGH_WORDS = 2;

interface Props {
  /** What is to be seen without its masks. */
  title: string;
  onCancel: () => void;
  onAsk: (unmask: Unmask) => void;
}

/** Why somebody wants to see behind the masks: asked before every look, and on the record with it. */
export function UnmaskDialog({ title, onCancel, onAsk }: Props) {
  const [reason, setReason] = useState<UnmaskReason>();
  const [words, setWords] = useState('');
  const said = cleanText(words);
  return (
    <Modal
      open
      title={title}
      okText="查看，并记录在案"
      cancelText="取消"
      okButtonProps={{ disabled: reason === undefined || said.length < ENOUGH_WORDS, danger: true }}
      onCancel={onCancel}
      onOk={() => reason && onAsk({ reason, words: said })}
      destroyOnHidden
    >
      <div className="unmask" data-testid="unmask">
        <p>遮挡的是居民的门窗和院落。谁、何时、为什么看，都会记入台账，不能删除。</p>
        <Select<UnmaskReason> value={reason} options={REASONS} onChange={setReason} placeholder="选择理由" aria-label="查看理由" />
        <Input.TextArea
          value={words}
          rows={3}
          maxLength={200}
          placeholder="写明情况，如：3组12号院内有人呼救"
          aria-label="情况说明"
          onChange={(e) => setWords(e.target.value)}
        />
      </div>
    </Modal>
  );
}
