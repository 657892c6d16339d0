import type { CaseHold } from '@shouwang/protocol';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { errorText } from '../../services/api-client.ts';
import { cleanText } from '../../services/clean-text.ts';
import { dayClockText } from '../../services/time-text.ts';
import { useDesk, useNow } from '../desk-context.ts';

const DAY_MS = 86_400_000;
const TERMS = [30, 90, 180, 365].map((days) => ({ value: days, label: `${days} 天` }));

interface Props {
  caseNo: string;
  holds: CaseHold[];
  onChanged: () => void;
}

/** 留存: while one stands, the clips of the case outlive their time. Placed by administrators and auditors. */
export function CaseHolds({ caseNo, holds, onChanged }: Props) {
  const desk = useDesk();
  const now = useNow();
  const mayHold = desk.me.role !== 'operator';
  const standing = holds.filter((h) => h.endedAt === undefined && h.until > now);
  const [reason, setReason] = useState('');
  const why = cleanText(reason);
  const [days, setDays] = useState(90);
  const [error, setError] = useState<string>();

  const run = async (work: () => Promise<unknown>) => {
    setError(undefined);
    try {
      await work();
      setReason('');
      onChanged();
    } catch (cause) {
      setError(errorText(cause));
    }
  };
  if (standing.length === 0 && !mayHold) return null;
  return (
    <div className="holds">
      {standing.map((hold) => (
        <p key={hold.holdId} className="holds__one">
          留存到 {dayClockText(hold.until)}：{hold.reason}（{hold.by}）
          {mayHold && <Button onClick={() => void run(() => desk.api.endHold(caseNo, hold.holdId))}>解除</Button>}
        </p>
      ))}
      {mayHold && (
        <form
          className="holds__form"
          onSubmit={(event) => {
            event.preventDefault();
            void run(() => desk.api.placeHold(caseNo, { reason: why, until: desk.centreNow() + days * DAY_MS }));
          }}
        >
          <Input
            value={reason}
            maxLength={200}
            placeholder="留存理由，如：公安机关立案"
            aria-label="留存理由"
            onChange={(e) => setReason(e.target.value)}
          />
          <Select value={days} options={TERMS} onChange={setDays} aria-label="留存多久" />
          <Button htmlType="submit" disabled={why.length < 2}>
            留存录像
          </Button>
        </form>
      )}
      {error && (
        <p className="history__error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
