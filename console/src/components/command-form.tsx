import type { ConsoleCommand } from '@shouwang/protocol';
import { Button, Input, type InputRef, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { commandOf, EXTENSIONS, extensionBase, formOf, PROPOSED_EXTENSION_MS } from '../services/command-forms.ts';
import { nearClockText, toLocalInput } from '../services/time-text.ts';
import { useNow } from './desk-context.ts';
import { useMustNotRing } from './silent-now.ts';
import { SilentMark } from './silent-warning.tsx';
import type { OpenForm } from './use-commands.ts';

interface Props {
  form: OpenForm;
  busy: boolean;
  error: string | undefined;
  onSubmit: (command: ConsoleCommand) => void;
  onClose: () => void;
}

/** A form over the desk. Nothing is sent without words; Ctrl+Enter sends, Esc leaves. */
export function CommandForm({ form, busy, error, onSubmit, onClose }: Props) {
  const now = useNow();
  const mustNotRing = useMustNotRing(form.view);
  const kind = formOf(form.name, form.view, mustNotRing)!;
  const [text, setText] = useState('');
  const [until, setUntil] = useState<number | undefined>(kind.until ? extensionBase(form.view, now) + PROPOSED_EXTENSION_MS : undefined);
  const field = useRef<InputRef>(null);
  const command = commandOf(form.name, text, until, now);
  const submit = () => {
    if (command && !busy) onSubmit(command);
  };
  useEffect(() => field.current?.focus(), []);

  return (
    <Modal
      open
      title={`${kind.title} · ${form.view.household.name} · ${form.view.caseNo}`}
      width={640}
      onCancel={onClose}
      mask={{ closable: false }}
      afterOpenChange={(open) => open && field.current?.focus()}
      footer={[
        <Button key="cancel" onClick={onClose} aria-label="取消">
          取消 <kbd className="key">Esc</kbd>
        </Button>,
        <Button key="ok" type="primary" disabled={!command} loading={busy} onClick={submit} aria-label={kind.submit}>
          {kind.submit} <kbd className="key">Ctrl Enter</kbd>
        </Button>,
      ]}
    >
      {error && (
        <p className="commands__error" role="alert">
          {error}
        </p>
      )}
      <SilentMark view={{ silent: mustNotRing || undefined }} />
      {kind.until && <UntilField base={extensionBase(form.view, now)} now={now} until={until} onChange={setUntil} />}
      <label className="form__label" htmlFor="command-text">
        {kind.label}
      </label>
      <Input.TextArea
        id="command-text"
        ref={field as never}
        value={text}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !e.nativeEvent.isComposing) submit();
        }}
        placeholder={kind.placeholder}
        maxLength={kind.maxLength}
        showCount
        autoSize={{ minRows: 3, maxRows: 8 }}
      />
      <fieldset className="form__ready" aria-label="常用语">
        {kind.ready.map((words) => (
          <Button
            key={words}
            size="small"
            onClick={() => {
              setText((t) => (t ? `${t}；${words}` : words));
              field.current?.focus();
            }}
          >
            {words}
          </Button>
        ))}
      </fieldset>
    </Modal>
  );
}

function UntilField({
  base,
  now,
  until,
  onChange,
}: {
  base: number;
  now: number;
  until: number | undefined;
  onChange: (at: number | undefined) => void;
}) {
  return (
    <div className="form__until">
      <label className="form__label" htmlFor="command-until">
        延期到 {until !== undefined && <strong>{nearClockText(until, now)}</strong>}
      </label>
      <fieldset className="form__ready" aria-label="延长">
        {EXTENSIONS.map(({ zh, ms }) => (
          <Button key={zh} onClick={() => onChange(base + ms)}>
            再给 {zh}
          </Button>
        ))}
        <input
          id="command-until"
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
