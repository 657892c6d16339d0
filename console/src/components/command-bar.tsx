import type { CaseView } from '@shouwang/protocol';
import { Button } from 'antd';
import { allowedCommands, type CommandName, DESK_COMMANDS, nextCommand } from '../services/case-commands.ts';
import { useDesk } from './desk-context.ts';
import { KeyHint } from './key-hint.tsx';

interface Props {
  view: CaseView;
  /** Whether a command is on its way to the centre. */
  isPending: (name: CommandName) => boolean;
  error: string | undefined;
  onCommand: (name: CommandName) => void;
}

/** All commands at their fixed places, so that hands learn them; the one that the case waits for is the bright one. */
export function CommandBar({ view, isPending, error, onCommand }: Props) {
  const desk = useDesk();
  const allowed = allowedCommands(view, desk.me.role);
  const next = nextCommand(view);
  return (
    <section className="commands" aria-label="处理">
      {error && (
        <p className="commands__error" role="alert" data-testid="command-error">
          {error}
        </p>
      )}
      {desk.me.role !== 'operator' && <p className="commands__note">{desk.me.role === 'admin' ? '管理员' : '审计'}账号只能查看。</p>}
      <div className="commands__grid">
        {DESK_COMMANDS.map((command) => (
          <Button
            key={command.name}
            className={`commands__button commands__button--${command.name}`}
            type={command.name === next && allowed.has(command.name) ? 'primary' : 'default'}
            danger={command.name === 'sign' && allowed.has('sign')}
            disabled={!allowed.has(command.name)}
            loading={isPending(command.name)}
            onClick={() => onCommand(command.name)}
            aria-label={command.zh}
            aria-keyshortcuts={command.key}
            title={command.en}
          >
            {command.zh} <KeyHint>{command.key}</KeyHint>
          </Button>
        ))}
      </div>
    </section>
  );
}
