import type { CaseView, ConsoleCommand } from '@shouwang/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { errorText } from '../services/api-client.ts';
import { allowedCommands, type CommandName, DESK_COMMANDS } from '../services/case-commands.ts';
import { useDesk } from './desk-context.ts';

/** A form that is open, for the case that it was opened for. */
export interface OpenForm {
  name: CommandName;
  view: CaseView;
}

export interface Commands {
  pending: CommandName | undefined;
  error: string | undefined;
  form: OpenForm | undefined;
  /** Runs a command of the chosen case, or opens its form. Not allowed now, or one on its way: nothing. */
  run: (name: CommandName) => void;
  /** Sends what the form holds. True when the centre took it. */
  submit: (command: ConsoleCommand) => Promise<boolean>;
  closeForm: () => void;
}

/** Commands of the chosen case. One at a time; the answer or the live feed moves the case, never the click. */
export function useCommands(view: CaseView | undefined): Commands {
  const desk = useDesk();
  const [pending, setPending] = useState<CommandName>();
  const [failure, setFailure] = useState<{ caseNo: string; text: string }>();
  const [form, setForm] = useState<OpenForm>();
  const busy = useRef(false);

  const held = form !== undefined;
  useEffect(() => desk.board.dispatch({ type: 'hold', held }), [desk, held]);

  const send = useCallback(
    async (caseNo: string, command: ConsoleCommand): Promise<boolean> => {
      if (busy.current) return false;
      busy.current = true;
      setPending(command.command);
      setFailure(undefined);
      try {
        await desk.command(caseNo, command);
        return true;
      } catch (error) {
        const zh = DESK_COMMANDS.find((c) => c.name === command.command)?.zh;
        setFailure({ caseNo, text: `${zh}没有成功：${errorText(error)}` });
        return false;
      } finally {
        busy.current = false;
        setPending(undefined);
      }
    },
    [desk],
  );

  const run = (name: CommandName) => {
    if (!view || busy.current || !allowedCommands(view, desk.me.role).has(name)) return;
    if (DESK_COMMANDS.find((c) => c.name === name)?.asks) {
      setFailure(undefined);
      setForm({ name, view });
    } else {
      void send(view.caseNo, { command: name } as ConsoleCommand);
    }
  };

  const submit = async (command: ConsoleCommand) => {
    if (!form) return false;
    const done = await send(form.view.caseNo, command);
    if (done) setForm(undefined);
    return done;
  };

  const shownFor = form ? form.view.caseNo : view?.caseNo;
  return {
    pending,
    error: failure && failure.caseNo === shownFor ? failure.text : undefined,
    form,
    run,
    submit,
    closeForm: () => {
      setForm(undefined);
      setFailure(undefined);
    },
  };
}
