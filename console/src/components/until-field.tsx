import { Button } from 'antd';
import { toLocalInput } from '../services/time-text.ts';

interface Props {
  id: string;
  label: string;
  /** The chosen time in words; undefined: none is. */
  chosen: string | undefined;
  /** What the buttons are about. */
  proposing: string;
  proposed: readonly { zh: string; at: number }[];
  /** ms, as all times here. */
  now: number;
  until: number | undefined;
  onChange: (at: number | undefined) => void;
}

/** A time to come: by a button, or to the minute. */
export function UntilField({ id, label, chosen, proposing, proposed, now, until, onChange }: Props) {
  return (
    <div className="form__until">
      <label className="form__label" htmlFor={id}>
        {label} {chosen && <strong>{chosen}</strong>}
      </label>
      <fieldset className="form__ready" aria-label={proposing}>
        {proposed.map(({ zh, at }) => (
          <Button key={zh} onClick={() => onChange(at)}>
            {zh}
          </Button>
        ))}
        <input
          id={id}
          className="form__time"
          type="datetime-local"
          min={toLocalInput(now)}
          value={until === undefined ? '' : toLocalInput(until)}
          onChange={(e) => onChange(e.target.value ? new Date(e.target.value).getTime() : undefined)}
        />
      </fieldset>
    </div>
  );
}
