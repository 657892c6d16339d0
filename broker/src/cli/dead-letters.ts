/** `dead-letters …`: what the running centre refused, through its local socket. */
import { apiPaths, type DeadLetter, type DeadLetterWhole, type Replayed } from '@shouwang/protocol';
import { askCentre } from '../admin/client.ts';
import { type Command, type CommandContext, clockTime } from './command.ts';

export const deadLetters: Command = {
  usage: ['dead-letters list [BEFORE]', 'dead-letters show NUMBER', 'dead-letters replay NUMBER'],
  async run(words, ctx) {
    const [verb, number, ...more] = words;
    if (more.length > 0 || (number !== undefined && !/^\d{1,15}$/.test(number))) return undefined;
    if (verb === 'list') return list(ctx, number);
    if (number === undefined) return undefined;
    if (verb === 'show') return show(ctx, number);
    if (verb === 'replay') return replay(ctx, number);
    return undefined;
  },
};

async function list({ files, print }: CommandContext, before: string | undefined): Promise<number> {
  const path = before === undefined ? apiPaths.deadLetters : `${apiPaths.deadLetters}?before=${before}`;
  const answer = await askCentre<{ deadLetters: DeadLetter[] }>(files().adminSocket, 'GET', path);
  for (const d of answer.deadLetters) {
    const often = d.count > 1 ? ` ×${d.count}` : '';
    print(
      [d.id, clockTime(d.at), d.code + often, d.client, d.topic, d.reason, ...(d.outcome ? [`replayed: ${d.outcome}`] : [])].join('\t'),
    );
  }
  return 0;
}

async function show({ files, print }: CommandContext, number: string): Promise<number> {
  const d = await askCentre<DeadLetterWhole>(files().adminSocket, 'GET', apiPaths.deadLetter(number));
  const { bodyBase64, payload, at, replayedAt, ...rest } = d;
  const times = { at: clockTime(at), ...(replayedAt === undefined ? {} : { replayedAt: clockTime(replayedAt) }) };
  for (const [key, value] of Object.entries({ ...rest, ...times })) print(`${key.padEnd(12)}${value}`);
  const whole = bodyBase64 === undefined ? undefined : Buffer.from(bodyBase64, 'base64').toString('utf8');
  print(whole === undefined && payload !== '' ? '(only the beginning is kept)' : '');
  print(whole ?? payload);
  return 0;
}

async function replay({ files, print }: CommandContext, number: string): Promise<number> {
  const { outcome, replayedAt, replayedBy } = await askCentre<Replayed>(files().adminSocket, 'POST', apiPaths.replayDeadLetter(number));
  print(`${outcome} (${clockTime(replayedAt)}, ${replayedBy})`);
  return outcome === 'accepted' ? 0 : 1;
}
