// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { App, Button } from 'antd';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { DeskAction } from '../services/keyboard.ts';
import { useDeskKeys } from './use-desk-keys.ts';

beforeAll(() => {
  // What jsdom lacks and antd asks for.
  window.matchMedia = (media) => ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
afterEach(cleanup);

function Desk({ done }: { done: DeskAction[] }) {
  const { modal } = App.useApp();
  useDeskKeys((action) => done.push(action), false);
  return <Button onClick={() => modal.confirm({ title: 'sure?', okText: 'yes', cancelText: 'no' })}>ask</Button>;
}

test('no key of the desk does anything to the case behind an open question', async () => {
  const done: DeskAction[] = [];
  render(
    <App>
      <Desk done={done} />
    </App>,
  );
  const press = (key: string) => fireEvent.keyDown(document.body, { key, code: `Key${key.toUpperCase()}` });
  press('s');
  expect(done).toEqual([{ do: 'command', command: 'sign' }]);
  fireEvent.click(screen.getByText('ask'));
  const question = () => document.querySelector('.ant-modal-confirm');
  await waitFor(() => expect(question()).not.toBeNull());
  press('s');
  press('/');
  expect(done).toHaveLength(1);
  act(() => screen.getByText('no').click());
  await waitFor(() => expect(question()).toBeNull(), { timeout: 10_000 });
  press('s');
  expect(done).toHaveLength(2);
});
