import { SoundOutlined } from '@ant-design/icons';
import type { Me } from '@shouwang/protocol';
import { Alert, Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { ApiClient } from '../services/api-client.ts';
import { needsAttention } from '../services/queue-order.ts';
import type { RoomAudio } from '../services/sound/web-audio.ts';

interface Props {
  /** Asked once for what waits; that the list does not come stops nobody. */
  api: Pick<ApiClient, 'cases'>;
  audio: RoomAudio;
  me: Me;
  /** `heard`: whether the operator heard the alarm, or sits down without sound. */
  onDone: (heard: boolean) => void;
}

type Step = 'playing' | 'played' | 'blocked' | 'not-heard';

/**
 * Every desk is entered through here. An operator who hears nothing may still sit down, because an alarm on a mute screen is
 * better than none, and the desk then says so all the time. The tone plays by itself where the log-in's click still counts as a touch;
 * after a reload the browser wants another one.
 */
export function SoundCheckPage({ api, audio, me, onDone }: Props) {
  const [step, setStep] = useState<Step>('playing');
  const started = useRef(false);

  const play = async () => {
    setStep('playing');
    if (await audio.play('alarm')) setStep('played');
    // Allowed to sound and yet nothing came to its end: the loudspeaker, not the browser.
    else setStep(audio.state() === 'running' ? 'not-heard' : 'blocked');
  };
  const begin = useRef(play);

  useEffect(() => {
    if (started.current) return;
    started.current = true;
    void begin.current();
  }, []);

  const [waiting, setWaiting] = useState(0);
  useEffect(() => {
    let stopped = false;
    api.cases().then(
      ({ cases }) => !stopped && setWaiting(cases.filter(needsAttention).length),
      () => undefined,
    );
    return () => {
      stopped = true;
    };
  }, [api]);

  const canAnswer = step === 'played' || step === 'not-heard';
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (canAnswer) yes.current?.focus();
  }, [canAnswer]);

  return (
    <main className="gate" aria-label="声音检查">
      <div className="gate__card gate__card--wide">
        <SoundOutlined className={`gate__sound ${step === 'playing' ? 'gate__sound--on' : ''}`} aria-hidden />
        <h1 className="gate__title">{step === 'blocked' ? '先检查声音' : '听到了吗？'}</h1>
        <p className="gate__text">
          {me.centreName} · {me.post}
          <br />
          报警来时会一直响这个声音，直到有人签收。
        </p>
        {waiting > 0 && <Alert type="error" showIcon data-testid="waiting" title={`有 ${waiting} 起报警在等，请尽快确认声音。`} />}
        {step === 'not-heard' && (
          <Alert type="warning" showIcon title="请检查：音箱或耳机是否接好、打开；系统音量；浏览器标签页是否被静音。" />
        )}
        {step === 'blocked' ? (
          <Button type="primary" size="large" block autoFocus onClick={play}>
            播放报警声
          </Button>
        ) : (
          <div className="gate__answers">
            <Button ref={yes} type="primary" size="large" disabled={!canAnswer} onClick={() => onDone(true)}>
              听到了
            </Button>
            <Button
              size="large"
              disabled={!canAnswer}
              onClick={async () => {
                await play();
                setStep((now) => (now === 'played' ? 'not-heard' : now));
              }}
            >
              没听到（再试）
            </Button>
          </div>
        )}
        {(step === 'not-heard' || step === 'blocked') && (
          <Button type="link" onClick={() => onDone(false)}>
            没有声音，先看屏幕值守
          </Button>
        )}
        <p className="gate__hint" role="status">
          {step === 'playing' ? '正在播放…' : step === 'blocked' ? '浏览器要求先点一下，才允许发声。' : '确认之后开始接收报警。'}
        </p>
      </div>
    </main>
  );
}
