/** Chinese names of the field's steps and events, used by console and documents. The TV has its own, plainer words. */
import type { Presence, TroubleKind } from './fleet-api.ts';
import type { CaseState } from './messages/box-down.ts';
import type { About, Rating } from './messages/box-up.ts';
import type { CaseEventName } from './messages/case-events.ts';
import type { MediaFaultKind } from './messages/evidence.ts';
import type { UnmaskReason } from './unmasking.ts';

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
  recorded: '现场录像已存',
  'extension-asked': '申请延期',
  'extension-granted': '批准延期',
  'extension-refused': '不批准延期',
  closed: '办结',
  rated: '群众评价',
  reopened: '未解决，重新处置',
};

export const ABOUT_LABEL: Record<About, string> = {
  suspicious: '有人可疑',
  fire: '着火',
  medical: '有人生病受伤',
  theft: '偷盗',
  fight: '打架',
  other: '其他',
};
export const RATING_LABEL: Record<Rating, string> = { satisfied: '解决了，满意', fair: '解决了，一般', unsolved: '没有解决' };

/** What is wrong at a media node, in plain words for whoever goes there. */
export const MEDIA_FAULT_LABEL: Record<MediaFaultKind | 'node-offline', string> = {
  black: '画面全黑',
  frozen: '画面不动',
  silent: '连上了，没有画面送来',
  unreachable: '摄像头连不上',
  refused: '摄像头不让连接',
  'disk-nearly-full': '录像存储快满了',
  'disk-full': '录像存储已满',
  'no-ffmpeg': '没有可用的 ffmpeg（要 5.1 以上），不能出图和检查画面',
  'node-offline': '视频节点离线',
};

export const UNMASK_LABEL: Record<UnmaskReason, string> = {
  danger: '有人身危险，正在救助',
  order: '依法调取',
  complaint: '当事人申请查看',
  check: '检查遮挡位置',
};

export const PRESENCE_LABEL: Record<Presence, string> = { unseen: '从未上线', online: '在线', suspect: '失联待查', offline: '离线' };

/** What is wrong with a box, in plain words for whoever goes there. */
export const TROUBLE_LABEL: Record<TroubleKind, string> = {
  offline: '机顶盒长时间离线',
  'outbox-full': '待发消息过多，已丢弃一部分',
  flash: '存储写不进去，报警只能当场发出',
  keys: '收不到遥控器按键，按报警键没有反应',
  config: '远程配置被拒绝',
  update: '升级失败，已退回旧版本',
  certificate: '证书续期失败',
  'self-test': '超过一天没有自检',
  'person-test': '超过一个月没有人按键测试',
};
