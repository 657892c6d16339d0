import { CodedError, ERRORS, type Me } from '@shouwang/protocol';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Emblem } from '../components/emblem.tsx';
import { type ApiClient, errorText } from '../services/api-client.ts';
import type { Session } from '../services/session.ts';

const WHY = {
  expired: { type: 'warning', title: '登录已过期，请重新登录。登录之前收不到报警。' },
  'logged-out': { type: 'info', title: '已退出。' },
} as const;

interface Props {
  api: ApiClient;
  why: Extract<Session, { at: 'login' }>['why'];
  onLogin: (me: Me) => void;
}

export function LoginPage({ api, why, onLogin }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const submit = async ({ user, password }: { user: string; password: string }) => {
    setBusy(true);
    setError(undefined);
    try {
      onLogin(await api.login({ user: user.trim(), password }));
    } catch (e) {
      const wrong = e instanceof CodedError && (e.code === 'BAD_CREDENTIALS' || e.code === 'BAD_PAYLOAD');
      setError(wrong ? ERRORS.BAD_CREDENTIALS.zh : errorText(e));
      setBusy(false);
    }
  };

  return (
    <main className="gate" aria-label="登录">
      <div className="gate__card">
        <Emblem />
        <h1 className="gate__title">守望 监控室</h1>
        {why && !error && <Alert {...WHY[why]} showIcon />}
        {error && <Alert type="error" title={error} showIcon role="alert" />}
        <Form layout="vertical" size="large" onFinish={submit} requiredMark={false} disabled={busy}>
          <Form.Item label="账号" name="user" rules={[{ required: true, whitespace: true, message: '请输入账号' }]}>
            <Input autoFocus autoComplete="username" maxLength={40} spellCheck={false} />
          </Form.Item>
          <Form.Item label="密码" name="password" rules={[{ required: true, message: '请输入密码' }]}>
            <Input.Password autoComplete="current-password" maxLength={200} />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={busy}>
            登录
          </Button>
        </Form>
      </div>
    </main>
  );
}
