import { Button } from 'antd';
import type { FeedState } from '../services/board.ts';
import { clockText, durationText } from '../services/time-text.ts';
import { useDesk, useNow, useSound } from './desk-context.ts';

/** What must not be overlooked: no line to the centre, no sound. Full width, red, for as long as it lasts. */
export function Banners({ feed, heard, onCheckSound }: { feed: FeedState; heard: boolean; onCheckSound: () => void }) {
  const desk = useDesk();
  const now = useNow();
  const sound = useSound(desk);
  // `since` is this machine's clock.
  const lostFor = feed.at === 'lost' ? now - desk.board.get().clockOffset - feed.since : 0;
  return (
    <>
      {feed.at === 'lost' && (
        <div className="banner" role="alert" data-testid="feed-lost">
          <span>
            与中心的连接断了，正在重连。自 {clockText(feed.since)} 起，已 {durationText(lostFor)}，这段时间的报警现在看不到。
          </span>
        </div>
      )}
      {sound.audio !== 'running' ? (
        <div className="banner" role="alert" data-testid="no-sound">
          <span>声音被浏览器停住了，报警来时不会响。</span>
          <Button size="large" onClick={() => void desk.audio.resume()}>
            恢复声音
          </Button>
        </div>
      ) : (
        !heard && (
          <div className="banner" role="alert" data-testid="not-heard">
            <span>没有听到过报警声，请盯住屏幕。</span>
            <Button size="large" onClick={onCheckSound}>
              重新检查声音
            </Button>
          </div>
        )
      )}
    </>
  );
}
