import { expect, test } from 'vitest';
import { TitleFlasher } from './title-flasher.ts';

function flasher() {
  const titles: string[] = [];
  let tick: (() => void) | undefined;
  const title = new TitleFlasher({
    setTitle: (t) => titles.push(t),
    every: (_ms, run) => {
      tick = run;
      return () => {
        tick = undefined;
      };
    },
  });
  return { titles, title, tick: () => tick?.(), runs: () => tick !== undefined };
}

test('alternates with the number of unanswered calls', () => {
  const { titles, title, tick } = flasher();
  title.show('守望', 0);
  title.show('守望', 2);
  tick();
  tick();
  expect(titles.slice(-3)).toEqual(['🔴（2）报警等人处理', '（2）守望', '🔴（2）报警等人处理']);
});

test('is calm again when all are signed', () => {
  const { titles, title, runs } = flasher();
  title.show('守望', 1);
  title.show('守望', 0);
  expect(titles.at(-1)).toBe('守望');
  expect(runs()).toBe(false);
});
