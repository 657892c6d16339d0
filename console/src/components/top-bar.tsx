import {
  AudioMutedOutlined,
  HddOutlined,
  LogoutOutlined,
  NotificationOutlined,
  QuestionCircleOutlined,
  SoundOutlined,
} from '@ant-design/icons';
import { App, Button, Tooltip } from 'antd';
import type { Board } from '../services/board.ts';
import { clockText, dateText } from '../services/time-text.ts';
import { useDesk, useNow, useSound } from './desk-context.ts';

interface Props {
  board: Board;
  /** The page that is open in place of the case. */
  over: 'devices' | 'notices' | undefined;
  onOver: (page: 'devices' | 'notices') => void;
  onHelp: () => void;
  onSilence: () => void;
  onLogout: () => void;
}

const FEED_WORD = { loading: '正在连接', live: '已连接', lost: '连接断开' } as const;

export function TopBar({ board, over, onOver, onHelp, onSilence, onLogout }: Props) {
  const desk = useDesk();
  const now = useNow();
  const { modal } = App.useApp();
  const operators = board.centre?.operators;

  const logout = () => {
    // Whoever signs nothing leaves nothing unattended.
    if (desk.me.role !== 'operator' || (operators !== undefined && operators > 1)) return onLogout();
    modal.confirm({
      title: '退出后没有人值守',
      content: '你是现在唯一的值班员。退出后，新的报警会直接升级，电视上会如实告诉报警人。',
      okText: '退出',
      cancelText: '继续值守',
      onOk: onLogout,
    });
  };

  return (
    <header className="top">
      <div className="top__brand">
        <span className="top__name">守望</span>
        <span className="top__centre" title={desk.me.centreName}>
          {desk.me.centreName}
        </span>
      </div>
      <div className="top__facts">
        <span className={`feed feed--${board.feed.at}`} data-testid="feed" data-state={board.feed.at} role="status">
          {FEED_WORD[board.feed.at]}
        </span>
        <span title="Boxes online">
          机顶盒在线 <b data-testid="boxes-online">{board.centre?.boxesOnline ?? '–'}</b>
        </span>
        <span title="Operators online">
          值班席在线 <b data-testid="operators-online">{operators ?? '–'}</b>
        </span>
      </div>
      <div className="top__clock">
        <span className="top__date">{dateText(now)}</span>
        <time className="top__time">{clockText(now)}</time>
      </div>
      <div className="top__tools">
        <SilenceButton onSilence={onSilence} />
        <Button
          icon={<HddOutlined />}
          type={over === 'devices' ? 'primary' : 'default'}
          onClick={() => onOver('devices')}
          aria-label="设备"
          aria-pressed={over === 'devices'}
          aria-keyshortcuts="D"
        >
          设备 <kbd className="key">D</kbd>
        </Button>
        <Button
          icon={<NotificationOutlined />}
          type={over === 'notices' ? 'primary' : 'default'}
          onClick={() => onOver('notices')}
          aria-label="通知"
          aria-pressed={over === 'notices'}
          aria-keyshortcuts="T"
        >
          通知 <kbd className="key">T</kbd>
        </Button>
        <Tooltip title="Test the alarm sound">
          <Button icon={<SoundOutlined />} onClick={() => void desk.audio.play('alarm')} aria-label="试音">
            试音
          </Button>
        </Tooltip>
        <Button icon={<QuestionCircleOutlined />} onClick={onHelp} aria-label="按键说明" aria-keyshortcuts="/">
          按键 <kbd className="key">/</kbd>
        </Button>
        <div className="top__me">
          <span className="top__post">{desk.me.post}</span>
          <span className="top__user">{desk.me.user}</span>
        </div>
        <Tooltip title="退出 Log out">
          <Button icon={<LogoutOutlined />} onClick={logout} aria-label="退出" />
        </Tooltip>
      </div>
    </header>
  );
}

/** Silences what rings now; counts down what is silenced. */
function SilenceButton({ onSilence }: { onSilence: () => void }) {
  const desk = useDesk();
  const now = useNow();
  const sound = useSound(desk);
  const silenced = sound.silencedUntil !== undefined && sound.silencedUntil > now;
  const ringing = sound.ringsFrom !== undefined && sound.ringsFrom <= now;
  if (silenced && !ringing) {
    return (
      <Button icon={<AudioMutedOutlined />} onClick={() => desk.sound.unsilence()} aria-label="恢复响铃" className="top__silenced">
        已静音 {Math.ceil((sound.silencedUntil! - now) / 1000)} 秒
      </Button>
    );
  }
  return (
    <Button
      danger={ringing}
      type={ringing ? 'primary' : 'default'}
      icon={<AudioMutedOutlined />}
      disabled={!ringing}
      onClick={onSilence}
      aria-label="静音"
      aria-keyshortcuts="M"
      data-testid="ringing"
      data-state={ringing ? 'ringing' : 'quiet'}
    >
      静音 <kbd className="key">M</kbd>
    </Button>
  );
}
