/**
 * Every word that the villager reads, in one place. Short, plain, said aloud easily; an indication never says more
 * than the fact behind it.
 */
import type { About, Rating } from '@shouwang/protocol';

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
export const TRUTH_CUT = {
  pressed: '还没有记下',
  late: '中心还没收到',
  withdrawing: '您撤回了，中心还不知道',
  rating: '您的回答中心还不知道',
} as const;

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
  withdrawnKept: '中心还留着这次报警的记录',
  withdrawn: '值班员会核实，没事再结束',
  thanks: '有事随时按住红色键',
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
  /** One press alarms nobody: said first, to whoever meant it and to whoever did not. */
  hintTitle: '还没有报警',
  hint: '要报警，按住红色键 2 秒',
  hintTriple: '或者连按 3 下',
  oneMore: '再按 1 下就报警',
  counted: (n: number) => `按了 ${n} 下，共 3 下`,
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

export const ABOUT: Readonly<Record<About, string>> = {
  suspicious: '有人可疑',
  fire: '着火',
  medical: '有人病了',
  fight: '打架',
  other: '其他',
  theft: '偷盗',
};
export const RATING: Readonly<Record<Rating, string>> = {
  satisfied: '解决了，很满意',
  fair: '解决了，一般',
  unsolved: '没有解决',
};
export const PROMPT = {
  about: '是什么事？方便的话按数字键',
  aboutSaid: (label: string) => `您说的是：${label}（说错了可以再按）`,
  aboutKept: (label: string) => `您说的是：${label}`,
  rating: '请按数字键',
} as const;

export const BACK = {
  withdraw: (seconds: number) => `按错了就撤回（还有 ${seconds} 秒）`,
  withdrawTitle: '按错了？',
  withdrawHow: '秒内按“返回”撤回',
  /** The back key came after the window: it withdraws nothing any more, and nobody may believe that it did. */
  tooLate: '来不及撤回了。按错了请打电话说一声',
  fold: '收起，继续看画面',
  close: '关闭',
} as const;

export const WALL = {
  title: '身边的摄像头',
  loading: '正在取摄像头名单…',
  noList: '暂时取不到摄像头名单，连上中心后会自己出来',
  none: '您家附近还没有开放的摄像头',
  page: (page: number, pages: number) => `第 ${page} 页，共 ${pages} 页`,
  online: '有画面',
  offline: '连不上',
  noPicture: '正在取画面…',
  noPictureNow: '现在没有画面',
  waiting: '等画面',
  without: '没有画面',
  noAccess: '不能看',
  black: '画面是黑的',
  frozen: '画面不动了',
  notGranted: '没有授权观看',
} as const;

export const RED_KEY = {
  name: '红色键',
  how: '按住 2 秒',
  what: '一键报警',
  onlyHere: '看别的节目，红色键不报警',
  again: '再报警：按住红色键 2 秒',
  dead: '红色键现在不起作用',
  phone: '电话',
} as const;

export const LIVE = {
  live: '实时画面',
  connecting: '正在连接',
  stopped: '画面已停',
  failed: '画面过不来，正在重试',
  refused: '没有授权观看这个摄像头',
  offline: '这个摄像头坏了或没有电',
  unsupported: '本机放不了活动画面，这是照片',
  offer: (camera: string) => `看最近的：${camera}`,
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
  watch: '看',
  neighbour: '换一个',
  menu: '菜单',
  numbers: '数字键',
  open: '打开',
  answer: '回答',
  change: '改一改',
  goBack: '回去',
  wall: '回到首页',
  showAlarm: '看报警',
} as const;

/** Of quantities and times. */
export const UNITS = {
  metres: (n: number) => `约${n}米`,
  kilometres: (n: number) => `约${n}公里`,
  secondsAgo: (n: number) => `${n}秒前`,
  minutesAgo: (n: number) => `${n}分钟前`,
  hoursAgo: (n: number) => `${n}小时前`,
  daysAgo: (n: number) => `${n}天前`,
  date: (month: number, day: number, weekday: number) => `${month}月${day}日 星期${'日一二三四五六'.charAt(weekday)}`,
  day: (month: number, day: number) => `${month}月${day}日`,
  today: '今天',
} as const;

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

/** The menu, and the sheets behind it. */
export const MENU = {
  title: '菜单',
  reports: '我的报警',
  notices: '村里通知',
  test: '试一试报警',
  help: '怎么报警',
  settings: '字大小、语言、声音',
  status: '现在能用什么',
  openReports: (n: number) => `有 ${n} 件没有处理完`,
  noReports: '没有报过警',
  reportsUnknown: '还没有取到',
  doneReports: (n: number) => `共 ${n} 件`,
  newNotices: (n: number) => `有 ${n} 条没看过`,
  noNotices: '没有通知',
  oldNotices: (n: number) => `共 ${n} 条`,
  testDue: '这个月还没有试过，请试一试',
  testedAt: (day: string) => `${day}试过，能用`,
  working: '都能用',
  troubled: '有不能用的，请看一看',
} as const;

export const REPORTS = {
  title: '我的报警',
  lastKnown: '我的报警（没连上中心，上次的情况）',
  unknown: '以前的报警，还没有从中心取到',
  none: '没有报过警。要报警，按住红色键 2 秒',
  withdrawn: '您撤回了',
  rejected: '中心没有接受',
  unrated: '处理完了，请回答解决了没有',
  rated: (rating: string) => `处理完了。您说：${rating}`,
  seenBy: (post: string) => `${post}看到了`,
  caseNo: (no: string) => `案件编号 ${no}`,
  ask: '解决了吗？请按数字键',
  reopen: '如果没有解决，按 3，中心会继续处理',
  reopened: (n: number) => `您说过没有解决，中心又办了 ${n} 次`,
} as const;

export const NOTICES = {
  title: '村里通知',
  none: '现在没有通知',
  /** While it was being read. */
  gone: '这条通知已经到期，或者撤回了',
  unread: '没看过',
  read: '看过了',
  from: (who: string, day: string) => `${who}　${day}`,
  listen: '再读一遍',
  page: (n: number, of: number) => `第 ${n} 页，共 ${of} 页：按${n < of ? '向下键往下看' : '向上键往回看'}`,
} as const;

export const HELP = {
  title: '怎么报警',
  steps: [
    { title: '按住红色键', text: '数到 2 再松手。连按 3 下也可以' },
    { title: '看屏幕', text: '屏幕说“中心已收到”，就是报出去了' },
    { title: '按错了', text: '大数字走完以前按一下“返回”，就撤回了' },
  ],
  hold: '2 秒',
  call: (phone: string) => `任何时候都可以打电话 ${phone}`,
  camera: '看摄像头：按它的号码，或用方向键选好按“确定”',
} as const;

export const SETTINGS = {
  title: '字大小、语言、声音',
  type: '字的大小',
  normal: '标准',
  large: '大字',
  huge: '特大字',
  contrast: '颜色',
  plain: '标准颜色',
  high: '黑底，更清楚',
  language: '语言 Language',
  zh: '中文',
  en: 'English',
  voice: '读出来',
  on: '开',
  off: '关',
  noVoice: '这台机顶盒读不出来',
  saved: '改了马上生效，并记在机顶盒上',
} as const;

export const STATUS = {
  title: '现在能用什么',
  key: '报警键',
  stored: '报警先记在机顶盒上',
  centre: '连到中心',
  staffed: '中心有人值班',
  cameras: '看摄像头',
  playing: '放活动画面',
  clock: '机顶盒的时间',
  yes: '能用',
  no: '不能用',
  unknown: '还不知道',
  keyOnlyHere: '能用，看别的节目时不能用',
  right: '准的',
  wrong: '不准，报警照样能发',
  stillsOnly: '只能看照片',
  listed: (n: number) => `${n} 个`,
  unstaffed: '没有，报警会报给上一级',
} as const;

/** Away from normal: what is wrong, and what still works all the same. */
export const AWAY = {
  'not-enrolled': { text: '这台机顶盒还没有开通，中心收不到报警', works: (phone: string) => `有急事请打电话 ${phone}` },
  'no-network': { text: '家里没有网络', works: (_phone: string) => '报警会先记下，网络一通马上发出' },
  'centre-down': { text: '连不上综治中心', works: (_phone: string) => '报警会先记下，连上马上发出' },
  'centre-down-unstored': { text: '连不上综治中心，报警现在发不出去', works: (phone: string) => `有急事请打电话 ${phone}` },
  unstaffed: { text: '中心现在没有人值班', works: (phone: string) => `报警照样能收到，会报给上一级。也可以打 ${phone}` },
  flash: { text: '机顶盒存储坏了', works: (_phone: string) => '报警能发，断电会丢。请打电话报修' },
  clock: { text: '机顶盒的时间不准', works: (_phone: string) => '报警照样能用，屏幕上的时间请不要当真' },
  'no-cameras': { text: '您家附近还没有开放的摄像头', works: (_phone: string) => '报警照样能用：按住红色键 2 秒' },
  'no-list': { text: '暂时取不到摄像头名单', works: (_phone: string) => '报警照样能用。连上中心后名单会自己出来' },
  'no-mse': { text: '这台机顶盒放不了活动画面', works: (_phone: string) => '照片几秒换一张，报警照样能用' },
} as const;

export const GROUPS = { all: '全部', home: '家附近', road: '路口', school: '学校', square: '广场' } as const;

/** What to do some time, on the wall. */
export const REMINDER = {
  notices: (n: number) => `村里有 ${n} 条新通知：按 0，再按 2`,
  test: '这个月还没试过报警：按 0，再按 3',
  /** Where there is little room. */
  briefNotices: (n: number) => `${n} 条新通知：按 0，再按 2`,
  briefTest: '还没试过报警：按 0，再按 3',
} as const;
