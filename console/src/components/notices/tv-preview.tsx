import { noticePage } from '@shouwang/protocol/lines';
import { useState } from 'react';
import { clockText } from '../../services/time-text.ts';

interface Props {
  from: string;
  title: string;
  text: string;
  /** ms */
  now: number;
}

/** The notice as the TV will show it: the same lines, pages and sizes, where the family has not chosen larger type. */
export function TvPreview({ from, title, text, now }: Props) {
  const [asked, setAsked] = useState(0);
  const { lines, size, lineHeight, page, pages } = noticePage(text, asked);
  const day = new Date(now);
  return (
    <figure className="tv" aria-label="电视上的样子" data-testid="tv-preview">
      <div className="tv__screen">
        <p className="tv__sheet">村里通知</p>
        <p className="tv__clock">{clockText(now).slice(0, 5)}</p>
        <p className="tv__title" data-testid="tv-title">
          {title || '标题'}
        </p>
        <p className="tv__from">
          {from}　{day.getMonth() + 1}月{day.getDate()}日
        </p>
        <div className="tv__text" style={{ '--size': size, '--line': lineHeight } as React.CSSProperties}>
          <p data-testid="tv-lines">{lines.join('\n')}</p>
          {pages > 1 && (
            <p className="tv__more">
              第 {page + 1} 页，共 {pages} 页
            </p>
          )}
        </div>
      </div>
      <figcaption className="tv__caption">
        电视上就是这样；选了大字的人家，字更大、行更短
        {pages > 1 && (
          <span className="tv__pages">
            <button type="button" disabled={page === 0} onClick={() => setAsked(page - 1)}>
              上一页
            </button>
            <button type="button" disabled={page === pages - 1} onClick={() => setAsked(page + 1)}>
              下一页
            </button>
          </span>
        )}
      </figcaption>
    </figure>
  );
}
