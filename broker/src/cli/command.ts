/** What a command of the command line is. */
import type { dataFiles } from '../data-files.ts';

/** sysexits(3). */
export const EX_USAGE = 64;
export const EX_NOINPUT = 66;

export interface CommandContext {
  /** The files of the centre's data folder. Throws CONFIG_INVALID. */
  files(): ReturnType<typeof dataFiles>;
  flags: { partial: boolean; makeSecrets: boolean };
  print(text: string): void;
}

export interface Command {
  /** One line for each form, without the program's name. */
  usage: string[];
  /** The exit code; undefined: the words are no form of this command. Throws coded errors. */
  run(words: string[], ctx: CommandContext): Promise<number | undefined>;
}

/** `2026-11-25 20:15:00`, in this machine's time zone. */
export function clockTime(ms: number): string {
  return new Date(ms).toLocaleString('sv-SE');
}
