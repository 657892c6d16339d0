/** Chinese names of the field's steps and events, used by console and documents. The TV has its own, plainer words. */
import type { CaseState } from './messages/box-down.ts';
import type { About, Rating } from './messages/box-up.ts';
import type { CaseEventName } from './messages/case-events.ts';

export const STATE_LABEL: Record<CaseState, string> = { received: '接报', signed: '签收', handling: '处置', closed: '办结' };

export const EVENT_LABEL: Record<CaseEventName, string> = {
  opened: '接报立案',
  strengthened: '再次按键',
  detailed: '补充情况',
  withdrawn: '报警人撤回',
  escalated: '自动升级',
  signed: '签收',
  handling: '出动处置',
  noted: '备注',
  'extension-asked': '申请延期',
  'extension-granted': '批准延期',
  'extension-refused': '不批准延期',
  closed: '办结',
  rated: '群众评价',
  reopened: '未解决，重新处置',
};

export const ABOUT_LABEL: Record<About, string> = { fire: '着火', medical: '有人生病受伤', theft: '偷盗', fight: '打架', other: '其他' };
export const RATING_LABEL: Record<Rating, string> = { satisfied: '解决了，满意', fair: '解决了，一般', unsolved: '没有解决' };
