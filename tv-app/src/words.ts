/**
 * Every word that the villager reads, in one place. Short, plain, said aloud easily; an indication never says more
 * than the fact behind it.
 */
import type { About, NearbyCamera, Rating } from '@shouwang/protocol';

/** The truth about an alarm, in the order in which it can become true. */
export const TRUTH = {
  pressed: '正在记下',
  stored: '已记下',
  sent: '已发出',
  received: '中心已收到，等待值班员',
  signed: '值班员看到了',
  handling: '有人正在赶来',
  closed: '处理完了，解决了吗？',
  closedPlain: '处理完了',
  late: '中心还没收到，正在重发',
  rejected: '中心没有接受这次报警',
  withdrawing: '您撤回了，正在告诉中心',
  withdrawn: '已撤回，中心知道了',
  rating: '正在把您的回答告诉中心',
  thanks: '谢谢您的评价',
  reopened: '已通知中心继续处理',
} as const;

/** What is said instead where the box's service is gone: nobody is sending anything any more. */
export const TRUTH_CUT: Readonly<Record<string, string>> = {
  [TRUTH.pressed]: '还没有记下',
  [TRUTH.late]: '中心还没收到',
  [TRUTH.withdrawing]: '您撤回了，中心还不知道',
  [TRUTH.rating]: '您的回答中心还不知道',
};

/** The same steps as rows of the timeline: statements that can be ticked … */
export const STEP_LABEL = {
  stored: '已记下',
  sent: '已发出',
  received: '中心已收到',
  signed: '值班员看到了',
  handling: '有人正在赶来',
  closed: '处理完了',
} as const;

/** … and the same while they are not true yet. */
export const STEP_PENDING = {
  stored: '等：记到机顶盒上',
  sent: '等：发出去',
  received: '等：中心收到',
  signed: '等：值班员看到',
  handling: '等：有人赶来',
  closed: '等：处理完',
  /** After a withdrawal a person only closes it. */
  withdrawnClosed: '等：值班员核实后结束',
} as const;

export const STEP_SKIPPED = { stored: '没能记在机顶盒上', other: '—' } as const;

export const ALARM = {
  connectingOut: '马上发给中心',
  waitingForCentre: '等中心收到',
  centreUnreachable: '现在连不上中心，一连上马上发出',
  keepPower: '请不要关机顶盒的电源',
  callNow: '请马上打电话',
  callIfUrgent: '着急请打电话',
  callAsWell: '着急请同时打电话',
  keepsTrying: '会一直重发，直到中心收到。着急请打电话',
  keepsTryingOffline: '现在连不上中心，会一直重发。请打电话',
  willTell: '值班员看到后，这里会告诉您',
  unstaffed: '中心现在没有人值班',
  escalated: '还没有人回应，已经报给上一级',
  escalatedShort: '已经报给上一级',
  unstaffedEscalated: '中心现在没有人值班，已经报给上一级',
  laterUnknown: '现在连不上中心，后面的进展暂时看不到',
  /** Without a post: who signed it need not be who sent somebody. */
  handling: '已安排人处理',
  seenBy: (post: string | undefined) => (post ? `${post}看到了您的报警` : '看到了您的报警'),
  reopened: '处理好后会再问您',
  withdrawn: '值班员核实后会结束这件事',
  thanks: '有事随时按红色键',
  extended: (until: string) => `需要多一点时间，${until}前处理好`,
  result: (text: string) => `处理结果：${text}`,
  resultPage: (page: number, pages: number) => `▲▼ 看下面的内容　第 ${page} 页，共 ${pages} 页`,
  caseNo: '案件编号',
  phone: (owner: string) => (owner ? `${owner}电话` : '电话'),
  pressedAgain: '又按了一次，正在告诉中心',
  pressedAgainKnown: '中心知道您又按了一次',
  pressedAgainCut: '又按了一次，中心还不知道',
  holdAgain: '按住不放，再提醒一次中心',
  lastKnown: '和机顶盒断开了，下面是断开前的情况',
} as const;

export const HOLD = {
  title: '再按住一会儿就报警',
  keep: '请按住不放',
  release: '松手就不报警，连按 3 下也能报警',
  keepInstead: '或者按住不放',
  hintTitle: '要报警吗？',
  hint: '请按住红色键 2 秒',
  hintTriple: '或者连按 3 下',
  oneMore: '再按 1 下就报警',
} as const;

/** A test alarm: tries the way to the centre, pages nobody. */
export const TEST = {
  pressed: '正在记下测试',
  stored: '测试已记下',
  sent: '测试已发出',
  received: '中心收到了测试',
  allWell: '一切正常',
  nobodyComes: '这是测试，不会有人出警',
  waiting: '等中心收到',
  offline: '现在连不上中心',
  late: '测试没有送到中心',
  unknown: '测试还没有结果',
  lateMeans: '报警可能也送不到',
  lateCall: '请打电话告诉中心',
  flashBroken: '但机顶盒存储坏了',
  callRepair: '请打电话报修',
} as const;

/** The flash takes nothing: an alarm goes out all the same, but a power cut would lose it. */
export const FLASH_BROKEN = '机顶盒存储坏了，报警能发，请打电话报修';

export const DEAD_KEY = {
  title: '没有报出去！',
  body: '报警键现在不起作用',
  back: ['报警键又能用了', '还要报警请重新按住 2 秒'],
} as const;

export const LINK = {
  starting: '报警键正在准备',
  lost: '报警键现在不起作用',
  call: (phone: string) => `有急事请打电话 ${phone}`,
} as const;

export const CENTRE = {
  offline: '还没连上中心：报警会先记下，连上马上发出',
  offlineUnstored: '还没连上中心：有急事请打电话',
  connected: '已连上中心',
  staffed: '中心有人值班',
  unstaffed: '中心现在没有人值班',
} as const;

export const ABOUT_CHOICES: readonly { digit: number; about: About; label: string }[] = [
  { digit: 1, about: 'fire', label: '着火' },
  { digit: 2, about: 'medical', label: '有人生病受伤' },
  { digit: 3, about: 'theft', label: '偷盗' },
  { digit: 4, about: 'fight', label: '打架' },
  { digit: 5, about: 'other', label: '其他' },
];
export const RATING_CHOICES: readonly { digit: number; rating: Rating; label: string }[] = [
  { digit: 1, rating: 'satisfied', label: '解决了，很满意' },
  { digit: 2, rating: 'fair', label: '解决了，一般' },
  { digit: 3, rating: 'unsolved', label: '没有解决' },
];
export const PROMPT = {
  about: '方便的话，按数字键说是什么事',
  aboutSaid: (label: string) => `您说的是：${label}（说错了可以再按）`,
  rating: '请按数字键',
} as const;

export const BACK = {
  withdraw: (seconds: number) => `按错了就撤回（还有 ${seconds} 秒）`,
  fold: '收起，继续看画面',
  close: '关闭',
} as const;

export const WALL = {
  title: '身边的摄像头',
  loading: '正在取摄像头名单…',
  noList: '暂时取不到摄像头名单，连上中心后会自己出来',
  none: '您家附近还没有开放的摄像头',
  page: (page: number, pages: number) => `第 ${page} 页，共 ${pages} 页`,
  online: '在线',
  offline: '连不上',
  noPicture: '正在取画面…',
  noPictureNow: '现在没有画面',
  waiting: '等画面',
  without: '没有画面',
  noAccess: '不能看',
  notGranted: '没有授权观看',
} as const;

export const RED_KEY = {
  name: '红色键',
  how: '按住 2 秒',
  what: '一键报警',
  onlyHere: '看电视时红色键不报警，请先打开本页',
  again: '再报警：按住红色键 2 秒',
  dead: '红色键现在不起作用',
  phone: '电话',
} as const;

export const LIVE = {
  live: '实时画面',
  connecting: '正在连接',
  stopped: '画面已停',
  failed: '连不上，正在重试',
  refused: '没有授权观看这个摄像头',
  offline: '摄像头连不上',
  lastPicture: (time: string) => `上一张画面 ${time}`,
  noPicture: '还没有画面',
} as const;

export const STILL_WATCHING = {
  title: '还在看吗？',
  body: '按任意键继续看',
  left: (seconds: number) => `${seconds} 秒后回到首页`,
} as const;

export const KEYS = {
  ok: '确定',
  back: '返回',
  choose: '选择',
  bigPicture: '看大图',
  neighbour: '换一个',
  wall: '回到首页',
  showAlarm: '看报警',
} as const;

/** How far, as a neighbour says it. */
export function distanceText(metres: number | undefined): string {
  if (metres === undefined) return '';
  if (metres < 1000) return `约${Math.max(10, Math.round(metres / 10) * 10)}米`;
  return `约${(Math.round(metres / 100) / 10).toString()}公里`;
}

/** How old a picture is: in words from the first moment at which it is no longer current. */
export function ageText(ageMs: number): string {
  const s = Math.max(0, Math.floor(ageMs / 1000));
  if (s < 60) return `${s}秒前`;
  if (s < 3600) return `${Math.floor(s / 60)}分钟前`;
  if (s < 86_400) return `${Math.floor(s / 3600)}小时前`;
  return `${Math.floor(s / 86_400)}天前`;
}

export function cameraText(camera: NearbyCamera): string {
  return [camera.name, distanceText(camera.distanceM)].filter(Boolean).join(' ');
}

/** The engineer's screen on a box without a daemon, before it has its account. The first two are for everybody. */
export const ACTIVATION = {
  forVillager: '这台机顶盒还不能报警，请等安装人员开通',
  call: (phone: string) => `有急事请打电话 ${phone}`,
  typing: '安装人员：请用数字键输入 8 位开通码',
  asking: '正在核对…',
  wrong: '开通码不对，或者已经过期。请重新输入',
  tooMany: '输错的次数太多，请等一分钟再输入',
  offline: '连不上综治中心，请检查网络后重新输入',
  back: '返回键：删掉一位',
  notDurable: '这台机顶盒不能保存数据：断电后要重新开通',
  reported: '本机信息（只供核对）',
  middleware: '中间件',
  card: '智能卡号',
  stb: '机顶盒号',
  mac: 'MAC 地址',
  unread: '读不到',
} as const;
