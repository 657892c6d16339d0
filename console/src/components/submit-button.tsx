import { Button, type ButtonProps } from 'antd';

interface Props extends Pick<ButtonProps, 'size' | 'disabled' | 'loading' | 'onClick'> {
  label: string;
}

/** The foot of a form: what Ctrl+Enter in its fields does, too (`onCtrlEnter`). */
export function SubmitButton({ label, ...rest }: Props) {
  return (
    <Button type="primary" aria-label={label} {...rest}>
      {label} <kbd className="key">Ctrl Enter</kbd>
    </Button>
  );
}

/** For the fields of a form. Not while an input method composes, and once only, however long the keys are held. */
export function onCtrlEnter(submit: () => void) {
  return (e: React.KeyboardEvent) => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !e.repeat && !e.nativeEvent.isComposing) submit();
  };
}
