/** The result of a closed case, broken into lines: as large as it fits, and into pages where it fits at no size. Pure. */
import { type PagedText, pagedText } from '@shouwang/protocol/lines';

/** The room for it, in stage units. */
export const RESULT_ROOM = { w: 804, h: 393 } as const;
/** Nothing smaller can be read from three metres. */
const SIZES = [48, 42, 36] as const;

export type ResultView = PagedText;

/** `page` may be any number: it is brought into the range. */
export function resultView(text: string, page: number): ResultView | undefined {
  return text ? pagedText(text, page, RESULT_ROOM, SIZES) : undefined;
}
