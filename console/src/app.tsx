import { App as AntApp, ConfigProvider } from 'antd';
import { useEffect, useMemo, useReducer } from 'react';
import type { Environment } from './environment.ts';
import { DeskPage } from './pages/desk-page.tsx';
import { LoginPage } from './pages/login-page.tsx';
import { SoundCheckPage } from './pages/sound-check-page.tsx';
import { createApiClient } from './services/api-client.ts';
import { reduceSession } from './services/session.ts';
import { consoleTheme, locale } from './theme.ts';

const ASK_AGAIN_MS = 3000;

/** Log-in → sound check → desk. */
export function App({ environment }: { environment: Environment }) {
  const [session, dispatch] = useReducer(reduceSession, { at: 'starting', unreachable: false });
  const api = useMemo(
    () => createApiClient({ fetch: environment.fetch, onLoggedOut: () => dispatch({ type: 'expired' }) }),
    [environment.fetch],
  );

  useEffect(() => {
    let stopped = false;
    const ask = () =>
      api.me().then(
        (me) => !stopped && dispatch({ type: 'known', me }),
        (error) => {
          if (stopped) return;
          if (error?.code === 'NOT_LOGGED_IN') return dispatch({ type: 'unknown' });
          dispatch({ type: 'unreachable' });
          environment.timers.setTimeout(ask, ASK_AGAIN_MS);
        },
      );
    void ask();
    return () => {
      stopped = true;
    };
  }, [api, environment.timers]);

  return (
    <ConfigProvider locale={locale} theme={consoleTheme} button={{ autoInsertSpace: false }}>
      <AntApp className="app">
        {session.at === 'starting' && (
          <main className="gate" aria-label="启动">
            <p className="gate__text" role="status">
              {session.unreachable ? '与中心的连接断了，正在重连…' : '正在连接中心…'}
            </p>
          </main>
        )}
        {session.at === 'login' && <LoginPage api={api} why={session.why} onLogin={(me) => dispatch({ type: 'known', me })} />}
        {session.at === 'sound-check' && (
          <SoundCheckPage
            api={api}
            audio={environment.audio}
            me={session.me}
            onDone={(heard) => dispatch({ type: 'sound-checked', heard })}
          />
        )}
        {session.at === 'desk' && (
          <DeskPage
            environment={environment}
            api={api}
            me={session.me}
            heard={session.heard}
            onCheckSound={() => dispatch({ type: 'check-sound' })}
            onLoggedOut={() => dispatch({ type: 'logged-out' })}
          />
        )}
      </AntApp>
    </ConfigProvider>
  );
}
