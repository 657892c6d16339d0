/** The same words as words/zh.ts in English. Short: the rooms on the screen were made for Chinese. */
import type { About, Rating } from '@shouwang/protocol';

export const TRUTH = {
  pressed: 'Noting it down',
  stored: 'Noted on this box',
  sent: 'Sent',
  received: 'Centre has it, waiting for the operator',
  signed: 'The operator has seen it',
  handling: 'Somebody is on the way',
  closed: 'Dealt with. Solved?',
  closedPlain: 'Dealt with',
  late: 'Centre has not got it yet, sending again',
  rejected: 'The centre did not take this alarm',
  withdrawing: 'Withdrawn, telling the centre',
  withdrawn: 'Withdrawn, the centre knows',
  rating: 'Telling the centre your answer',
  thanks: 'Thank you',
  reopened: 'The centre will go on with it',
} as const;

export const TRUTH_CUT = {
  pressed: 'Not noted yet',
  late: 'Centre has not got it yet',
  withdrawing: 'Withdrawn, the centre does not know yet',
  rating: 'The centre does not know your answer yet',
} as const;

export const STEP_LABEL = {
  stored: 'Noted',
  sent: 'Sent',
  received: 'Centre has it',
  signed: 'Operator has seen it',
  handling: 'Somebody on the way',
  closed: 'Dealt with',
} as const;

export const STEP_PENDING = {
  stored: 'next: noted on the box',
  sent: 'next: sent',
  received: 'next: centre has it',
  signed: 'next: operator sees it',
  handling: 'next: somebody sets out',
  closed: 'next: dealt with',
  withdrawnClosed: 'next: checked and closed',
} as const;

export const STEP_SKIPPED = { stored: 'Not noted on this box', other: '—' } as const;

export const ALARM = {
  connectingOut: 'Going out now',
  waitingForCentre: 'Waiting for the centre',
  centreUnreachable: 'Centre not reachable; goes out when it is',
  keepPower: 'Please do not switch this box off',
  callNow: 'Please telephone now',
  callIfUrgent: 'If it is urgent, telephone',
  callAsWell: 'If it is urgent, telephone too',
  keepsTrying: 'Sending until it does. If urgent, telephone',
  keepsTryingOffline: 'Sending until it does. Please telephone',
  willTell: 'When the operator sees it, you will see here',
  unstaffed: 'Nobody is at the centre now',
  escalated: 'Nobody has answered; passed to the level above',
  escalatedShort: 'Passed to the level above',
  unstaffedEscalated: 'Nobody at the centre; passed to the level above',
  laterUnknown: 'Centre not reachable now: news cannot be seen',
  handling: 'It is being dealt with',
  seenBy: (post: string | undefined) => (post ? `${post} has seen your alarm` : 'Your alarm has been seen'),
  reopened: 'You will be asked again afterwards',
  withdrawnKept: 'The centre keeps a record',
  withdrawn: 'The operator checks before closing it',
  thanks: 'In need: hold the red key',
  extended: (until: string) => `More time is needed: by ${until}`,
  result: (text: string) => `What was done: ${text}`,
  resultPage: (page: number, pages: number) => `▲▼ more　page ${page} of ${pages}`,
  caseNo: 'Case number',
  phone: (owner: string) => (owner ? `Telephone: ${owner}` : 'Telephone'),
  pressedAgain: 'Pressed again, telling the centre',
  pressedAgainKnown: 'Centre knows you pressed again',
  pressedAgainCut: 'Pressed again, centre does not know yet',
  holdAgain: 'Keep holding to remind the centre',
  lastKnown: 'Cut off from the box; this is how it was before',
} as const;

export const HOLD = {
  title: 'Hold a little longer',
  keep: 'Keep holding',
  release: 'Let go to stop; three presses also alarm',
  keepInstead: 'or keep holding',
  hintTitle: 'No alarm yet',
  hint: 'To alarm, hold it 2 s',
  hintTriple: 'or press it 3 times',
  oneMore: 'One more press alarms',
  counted: (n: number) => `${n} of 3 presses`,
} as const;

export const TEST = {
  pressed: 'Noting the test',
  stored: 'Test noted',
  sent: 'Test sent',
  received: 'The centre got the test',
  allWell: 'Everything works',
  nobodyComes: 'A test: nobody sets out',
  waiting: 'Waiting for the centre',
  offline: 'Centre not reachable now',
  late: 'The test did not get through',
  unknown: 'No result of the test yet',
  lateMeans: 'An alarm might not either',
  lateCall: 'Please tell the centre by telephone',
  flashBroken: 'but the storage is broken',
  callRepair: 'Please have it repaired',
} as const;

export const FLASH_BROKEN = 'Storage broken: alarms go out, have it repaired';

export const DEAD_KEY = {
  title: 'Not sent!',
  body: 'The alarm key does not work now',
  back: ['The alarm key works again', 'Hold it again for 2 seconds'],
} as const;

export const LINK = {
  starting: 'The alarm key is getting ready',
  lost: 'The alarm key does not work now',
  call: (phone: string) => `If urgent, ring ${phone}`,
} as const;

export const CENTRE = {
  offline: 'Not connected: alarms are noted and sent later',
  offlineUnstored: 'Not connected: if urgent, telephone',
  connected: 'Connected to the centre',
  staffed: 'Somebody is at the centre',
  unstaffed: 'Nobody is at the centre now',
} as const;

export const ABOUT: Readonly<Record<About, string>> = {
  suspicious: 'Suspicious',
  fire: 'Fire',
  medical: 'Ill',
  fight: 'Fight',
  other: 'Other',
  theft: 'Theft',
};
export const RATING: Readonly<Record<Rating, string>> = {
  satisfied: 'Solved, very good',
  fair: 'Solved, so-so',
  unsolved: 'Not solved',
};
export const PROMPT = {
  about: 'What is it? Press a number if you like',
  aboutSaid: (label: string) => `You said: ${label} (press again to change)`,
  aboutKept: (label: string) => `You said: ${label}`,
  rating: 'Press a number',
} as const;

export const BACK = {
  withdraw: (seconds: number) => `Withdraw (${seconds} s left)`,
  withdrawTitle: 'A mistake?',
  withdrawHow: 's left: “back” withdraws',
  tooLate: 'Too late to withdraw: please ring and say so',
  fold: 'Fold away',
  close: 'Close',
} as const;

export const WALL = {
  title: 'Cameras near you',
  loading: 'Getting the cameras…',
  noList: 'No camera list now; it comes when the centre is reached',
  none: 'No open cameras near your home yet',
  page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  online: 'Working',
  offline: 'Off',
  noPicture: 'Getting the picture…',
  noPictureNow: 'No picture now',
  waiting: 'Waiting',
  without: 'No picture',
  noAccess: 'Not open',
  black: 'Picture is black',
  frozen: 'Picture stands still',
  notGranted: 'Not open to you',
} as const;

export const RED_KEY = {
  name: 'Red key',
  how: 'hold 2 s',
  what: 'alarm',
  onlyHere: 'Other channels: no red key',
  again: 'Again: hold the red key 2 s',
  dead: 'The red key does not work now',
  phone: 'Phone',
} as const;

export const LIVE = {
  live: 'Live',
  connecting: 'Connecting',
  stopped: 'Stopped',
  failed: 'No picture, trying again',
  refused: 'This camera is not open to you',
  offline: 'This camera is broken or without power',
  unsupported: 'No moving pictures here: a photo',
  offer: (camera: string) => `nearest: ${camera}`,
  lastPicture: (time: string) => `picture of ${time}`,
  noPicture: 'No picture yet',
} as const;

export const STILL_WATCHING = {
  title: 'Still watching?',
  body: 'Press any key to go on',
  left: (seconds: number) => `Back to the start in ${seconds} s`,
} as const;

export const KEYS = {
  ok: 'OK',
  back: 'Back',
  choose: 'choose',
  watch: 'see',
  neighbour: 'next',
  menu: 'menu',
  numbers: '1–9',
  open: 'open',
  answer: 'answer',
  change: 'change',
  goBack: '',
  wall: 'start',
  showAlarm: 'alarm',
} as const;

export const UNITS = {
  metres: (n: number) => `${n} m`,
  kilometres: (n: number) => `${n} km`,
  secondsAgo: (n: number) => `${n} s ago`,
  minutesAgo: (n: number) => `${n} min ago`,
  hoursAgo: (n: number) => `${n} h ago`,
  daysAgo: (n: number) => `${n} d ago`,
  date: (month: number, day: number, weekday: number) => `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][weekday]} ${day}/${month}`,
  day: (month: number, day: number) => `${day}/${month}`,
  today: 'today',
} as const;

export const ACTIVATION = {
  forVillager: 'This box cannot alarm yet: ask the installer',
  call: (phone: string) => `If urgent, ring ${phone}`,
  typing: 'Installer: type the 8 digits',
  asking: 'Checking…',
  wrong: 'Wrong or expired. Type it again',
  tooMany: 'Too many mistakes. Wait a minute',
  offline: 'Centre not reachable: check the network, type again',
  back: 'Back: delete one digit',
  notDurable: 'This box keeps nothing: after a power cut it must be activated again',
  reported: 'This box (for checking only)',
  middleware: 'Middleware',
  card: 'Smart card',
  stb: 'Box number',
  mac: 'MAC address',
  unread: 'unreadable',
} as const;

export const MENU = {
  title: 'Menu',
  reports: 'My alarms',
  notices: 'Notices',
  test: 'Try the alarm',
  help: 'How to alarm',
  settings: 'Type size, language, sound',
  status: 'What works now',
  openReports: (n: number) => `${n} not finished`,
  noReports: 'none yet',
  reportsUnknown: 'not known yet',
  doneReports: (n: number) => `${n} in all`,
  newNotices: (n: number) => `${n} unread`,
  noNotices: 'none',
  oldNotices: (n: number) => `${n} in all`,
  testDue: 'not tried this month: please try',
  testedAt: (day: string) => `tried on ${day}: works`,
  working: 'everything',
  troubled: 'something does not: please look',
} as const;

export const REPORTS = {
  title: 'My alarms',
  lastKnown: 'My alarms (offline: as last known)',
  unknown: 'Earlier alarms: not got from the centre yet',
  none: 'No alarm yet. To alarm, hold the red key for 2 seconds',
  withdrawn: 'You withdrew it',
  rejected: 'The centre did not take it',
  unrated: 'Dealt with: please answer',
  rated: (rating: string) => `Dealt with. You said: ${rating}`,
  seenBy: (post: string) => `Seen by ${post}`,
  caseNo: (no: string) => `Case ${no}`,
  ask: 'Solved? Press a number',
  reopen: 'Not solved? Press 3: the centre goes on',
  reopened: (n: number) => `Brought back ${n === 1 ? 'once' : `${n} times`} as not solved`,
} as const;

export const NOTICES = {
  title: 'Notices',
  none: 'No notices now',
  gone: 'This notice is over or was withdrawn',
  unread: 'unread',
  read: 'read',
  from: (who: string, day: string) => `${who}　${day}`,
  listen: 'read again',
  page: (n: number, of: number) => `page ${n} of ${of}: press ${n < of ? 'down' : 'up'}`,
} as const;

export const HELP = {
  title: 'How to alarm',
  steps: [
    { title: 'Hold the red key', text: 'Count to 2, then let go. Three presses also do' },
    { title: 'Look here', text: '“Centre has it” means that it got through' },
    { title: 'A mistake?', text: 'Press “Back” while the number runs' },
  ],
  hold: '2 s',
  call: (phone: string) => `You can always ring ${phone}`,
  camera: 'A camera: press its number, or choose with the arrows and OK',
} as const;

export const SETTINGS = {
  title: 'Type size, language, sound',
  type: 'Type size',
  normal: 'Normal',
  large: 'Large',
  huge: 'Very large',
  contrast: 'Colours',
  plain: 'Normal',
  high: 'Black, clearer',
  language: 'Language 语言',
  zh: '中文',
  en: 'English',
  voice: 'Read aloud',
  on: 'On',
  off: 'Off',
  noVoice: 'This box cannot speak',
  saved: 'Changes at once, and is kept on the box',
} as const;

export const STATUS = {
  title: 'What works now',
  key: 'Alarm key',
  stored: 'Alarms are noted on the box first',
  centre: 'Connected to the centre',
  staffed: 'Somebody at the centre',
  cameras: 'Cameras',
  playing: 'Moving pictures',
  clock: 'Clock of this box',
  yes: 'works',
  no: 'does not work',
  unknown: 'not known yet',
  keyOnlyHere: 'works, not on other channels',
  right: 'right',
  wrong: 'wrong; alarms go out all the same',
  stillsOnly: 'photos only',
  listed: (n: number) => `${n}`,
  unstaffed: 'no: alarms go one level up',
} as const;

export const AWAY = {
  'not-enrolled': { text: 'This box has no account: alarms do not arrive', works: (phone: string) => `If urgent, ring ${phone}` },
  'no-network': { text: 'No network in the house', works: (_phone: string) => 'Alarms are noted and go out when it is back' },
  'centre-down': { text: 'The centre is not reachable', works: (_phone: string) => 'Alarms are noted and go out when it is back' },
  'centre-down-unstored': { text: 'The centre is not reachable: no alarms now', works: (phone: string) => `If urgent, ring ${phone}` },
  unstaffed: { text: 'Nobody is at the centre now', works: (phone: string) => `Alarms arrive and go one level up. Or ring ${phone}` },
  flash: { text: 'The storage of this box is broken', works: (_phone: string) => 'Alarms go out; a power cut would lose them' },
  clock: { text: 'The clock of this box is wrong', works: (_phone: string) => 'Alarms work; do not trust the times shown' },
  'no-cameras': { text: 'No open cameras near your home yet', works: (_phone: string) => 'Alarms work: hold the red key for 2 seconds' },
  'no-list': { text: 'No camera list now', works: (_phone: string) => 'Alarms work. The list comes with the centre' },
  'no-mse': { text: 'This box cannot play moving pictures', works: (_phone: string) => 'Photos every few seconds; alarms work' },
} as const;

export const GROUPS = { all: 'All', home: 'Near home', road: 'Roads', school: 'School', square: 'Square' } as const;

export const REMINDER = {
  notices: (n: number) => `${n} new notice${n === 1 ? '' : 's'}: press 0, then 2`,
  test: 'Not tried this month: press 0, then 3',
  briefNotices: (n: number) => `${n} new: press 0, then 2`,
  briefTest: 'Test due: press 0, then 3',
} as const;
