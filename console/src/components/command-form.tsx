import type { ConsoleCommand } from '@shouwang/protocol';
import { Button, Input, type InputRef, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { commandOf, EXTENSIONS, extensionBase, formOf, PROPOSED_EXTENSION_MS } from '../services/command-forms.ts';
import { nearClockText } from '../services/time-text.ts';
import { useNow } from './desk-context.ts';
import { useMustNotRing } from './silent-now.ts';
import { SilentMark } from './silent-warning.tsx';
import { onCtrlEnter, SubmitButton } from './submit-button.tsx';
import { UntilField } from './until-field.tsx';
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
  const base = extensionBase(form.view, now);
  const [until, setUntil] = useState<number | undefined>(kind.until ? base + PROPOSED_EXTENSION_MS : undefined);
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
        <SubmitButton key="ok" label={kind.submit} disabled={!command} loading={busy} onClick={submit} />,
      ]}
    >
      {error && (
        <p className="commands__error" role="alert">
          {error}
        </p>
      )}
      <SilentMark view={{ silent: mustNotRing || undefined }} />
      {kind.until && (
        <UntilField
          id="command-until"
          label="延期到"
          chosen={until === undefined ? undefined : nearClockText(until, now)}
          proposing="延长"
          proposed={EXTENSIONS.map(({ zh, ms }) => ({ zh: `再给 ${zh}`, at: base + ms }))}
          now={now}
          until={until}
          onChange={setUntil}
        />
      )}
      <label className="form__label" htmlFor="command-text">
        {kind.label}
      </label>
      <Input.TextArea
        id="command-text"
        ref={field as never}
        value={text}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={onCtrlEnter(submit)}
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
