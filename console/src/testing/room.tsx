/** The console in front of a centre whose answers the test decides. */
import { apiPaths, type CaseDetail, type CaseView, type Me } from '@shouwang/protocol';
import { act, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect } from 'vitest';
import { App } from '../app.tsx';
import type { Environment } from '../environment.ts';
import { TestAudio, TestClock, TestSource } from './cases.ts';

export const ME: Me = { user: 'zhiban', post: '综治中心值班员', role: 'operator', centreName: '平安镇综治中心' };
export const NOW = 20_000;

/** What jsdom lacks and antd or the page asks for. Before the first room. */
export function furnish(): void {
  // Rendering the whole page takes its time on a busy machine.
  configure({ asyncUtilTimeout: 10_000 });
  Element.prototype.scrollIntoView = () => undefined;
  window.matchMedia = (media) => ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
}

export interface Answer {
  /** Holds the answer back until then. */
  after?: Promise<unknown>;
  status?: number;
  body: unknown;
}

/** The console in front of a centre whose `answers` the test decides, by path, or by method and path (`POST /api/…`). */
export function sitDown(cases: CaseView[], answers: Record<string, Answer> = {}) {
  const posted: { path: string; body: unknown }[] = [];
  const sources: TestSource[] = [];
  const audio = new TestAudio();
  const clock = new TestClock(NOW);
  const environment: Environment = {
    fetch: (async (path: string, init?: RequestInit) => {
      if (init?.method === 'POST') posted.push({ path, body: JSON.parse(init.body as string) });
      const view = cases.find((c) => path === apiPaths.case(c.caseNo));
      const detail: CaseDetail | undefined = view && { ...view, history: [], cameras: [] };
      const known: Record<string, Answer> = {
        [apiPaths.me]: { body: ME },
        [apiPaths.cases]: { body: { cases, seq: 7 } },
        [apiPaths.logout]: { body: {} },
        ...answers,
      };
      const answer = known[`${init?.method} ${path}`] ?? known[path];
      await answer?.after;
      const { status = 200, body } = answer ?? (detail ? { body: detail } : { status: 404, body: { code: 'NOT_FOUND' } });
      return new Response(JSON.stringify(body), { status });
    }) as typeof fetch,
    openSource: (url) => {
      const source = new TestSource(url);
      sources.push(source);
      return source;
    },
    audio,
    now: clock.now,
    timers: clock,
    title: { setTitle: () => undefined, every: () => () => undefined },
  };
  render(<App environment={environment} />);
  return { posted, sources, audio, clock };
}

/** Past the sound check, at the desk, with the feed open. */
export async function atDesk(...args: Parameters<typeof sitDown>) {
  const room = sitDown(...args);
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: '听到了' }).disabled).toBe(false));
  fireEvent.click(screen.getByRole('button', { name: '听到了' }));
  await waitFor(() => expect(room.sources).toHaveLength(1));
  act(() => room.sources[0]!.opens());
  return room;
}

export const key = (name: string, target: Element | Window = window) => fireEvent.keyDown(target, { key: name });
