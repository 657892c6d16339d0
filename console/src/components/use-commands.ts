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
  /** Runs a command of the chosen case, or opens its form. Nothing where it is not allowed now, or one without a form is on its way. */
  run: (name: CommandName) => void;
  /** Sends what the form holds. True when the centre took it. */
  submit: (command: ConsoleCommand) => Promise<boolean>;
  closeForm: () => void;
}

/** Commands of the chosen case, one after the other; the answer or the live feed moves the case, never the click. */
export function useCommands(view: CaseView | undefined): Commands {
  const desk = useDesk();
  const [pending, setPending] = useState<CommandName>();
  const [failure, setFailure] = useState<{ caseNo: string; text: string }>();
  const [form, setForm] = useState<OpenForm>();
  const last = useRef<Promise<unknown>>(Promise.resolve());

  const held = form !== undefined;
  useEffect(() => desk.board.dispatch({ type: 'hold', held }), [desk, held]);

  const send = useCallback(
    (caseNo: string, command: ConsoleCommand): Promise<boolean> => {
      const turn = last.current.then(async () => {
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
          setPending(undefined);
        }
      });
      last.current = turn;
      return turn;
    },
    [desk],
  );

  const run = (name: CommandName) => {
    if (!view || !allowedCommands(view, desk.me.role).has(name)) return;
    if (DESK_COMMANDS.find((c) => c.name === name)?.asks) {
      setFailure(undefined);
      setForm({ name, view });
    } else if (pending === undefined) {
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
