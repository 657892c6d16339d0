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
  /** Whether this command of the shown case (of the open form's case, while one is open) waits for its turn or its answer. */
  isPending: (name: CommandName) => boolean;
  error: string | undefined;
  form: OpenForm | undefined;
  /** Runs a command of the chosen case, or opens its form. Nothing where it is not allowed now, or the same one is pending. */
  run: (name: CommandName) => void;
  /** Sends what the form holds; the form closes when the centre took it. Nothing while the same command is pending. */
  submit: (command: ConsoleCommand) => Promise<void>;
  closeForm: () => void;
}

/**
 * Commands of the chosen case, one after the other; the answer or the live feed moves the case, never the click. The feed may show a step
 * before its answer is here: what the operator does meanwhile waits its turn and is not dropped.
 */
export function useCommands(view: CaseView | undefined): Commands {
  const desk = useDesk();
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<{ caseNo: string; text: string }>();
  const [form, setForm] = useState<OpenForm>();
  const last = useRef<Promise<unknown>>(Promise.resolve());
  /** What `pending` holds, before React has drawn it: the second of two fast key presses must see the first. */
  const sent = useRef(new Set<string>());

  const held = form !== undefined;
  useEffect(() => desk.board.dispatch({ type: 'hold', held }), [desk, held]);

  /** True when the centre took it. */
  const send = useCallback(
    async (caseNo: string, command: ConsoleCommand): Promise<boolean> => {
      const key = keyOf(caseNo, command.command);
      if (sent.current.has(key)) return false;
      sent.current.add(key);
      setPending(new Set(sent.current));
      const turn = last.current.then(async () => {
        setFailure(undefined);
        try {
          await desk.command(caseNo, command);
          return true;
        } catch (error) {
          const zh = DESK_COMMANDS.find((c) => c.name === command.command)?.zh;
          setFailure({ caseNo, text: `${zh}没有成功：${errorText(error)}` });
          return false;
        } finally {
          sent.current.delete(key);
          setPending(new Set(sent.current));
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
    } else {
      void send(view.caseNo, { command: name } as ConsoleCommand);
    }
  };

  const submit = async (command: ConsoleCommand) => {
    if (!form || !(await send(form.view.caseNo, command))) return;
    setForm((open) => (open === form ? undefined : open));
  };

  const shownFor = form ? form.view.caseNo : view?.caseNo;
  return {
    isPending: (name) => shownFor !== undefined && pending.has(keyOf(shownFor, name)),
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

function keyOf(caseNo: string, name: CommandName): string {
  return `${caseNo} ${name}`;
}
