/** Reads a media playlist (RFC 8216bis), and says what in it is no playlist at all. Knows nothing of the server's own code. */

export interface ListedPart {
  uri: string;
  durationS: number;
  independent: boolean;
}

export interface ListedSegment {
  sequence: number;
  /** Absent: parts of a segment that is under way. */
  uri: string | undefined;
  durationS: number | undefined;
  /** An EXT-X-DISCONTINUITY stands before it. */
  discontinuity: boolean;
  discontinuityNumber: number;
  map: string | undefined;
  /** EXT-X-PROGRAM-DATE-TIME, ms since 1970. */
  dateTime: number | undefined;
  parts: ListedPart[];
}

export interface MediaPlaylist {
  version: number;
  targetS: number;
  partTargetS: number | undefined;
  control: Record<string, string>;
  mediaSequence: number;
  discontinuitySequence: number;
  independentSegments: boolean;
  ended: boolean;
  segments: ListedSegment[];
  hint: string | undefined;
  reports: { uri: string; lastMsn: number; lastPart: number }[];
  /** What could not be read. */
  problems: string[];
}

/** Tags that may stand once only. */
const ONCE = ['VERSION', 'TARGETDURATION', 'MEDIA-SEQUENCE', 'DISCONTINUITY-SEQUENCE', 'PART-INF', 'SERVER-CONTROL', 'ENDLIST'];

export function readMediaPlaylist(text: string): MediaPlaylist {
  const lines = text.split(/\r?\n/);
  const problems: string[] = [];
  const tags = new Map<string, string[]>();
  const p: MediaPlaylist = {
    version: 1,
    targetS: Number.NaN,
    partTargetS: undefined,
    control: {},
    mediaSequence: 0,
    discontinuitySequence: 0,
    independentSegments: false,
    ended: false,
    segments: [],
    hint: undefined,
    reports: [],
    problems,
  };
  if (lines[0] !== '#EXTM3U') problems.push('4.4.1.1: does not begin with #EXTM3U');
  for (const line of lines) {
    const [, name = '', value = ''] = /^#EXT-X-([A-Z-]+):?(.*)$/.exec(line) ?? [];
    if (name) tags.set(name, [...(tags.get(name) ?? []), value]);
  }
  for (const name of ONCE) if ((tags.get(name)?.length ?? 0) > 1) problems.push(`4.4: EXT-X-${name} stands more than once`);
  const number = (name: string, otherwise: number) => (tags.has(name) ? wholeNumber(tags.get(name)![0]!, name, problems) : otherwise);
  p.version = number('VERSION', 1);
  if (!tags.has('TARGETDURATION')) problems.push('4.4.3.1: no EXT-X-TARGETDURATION');
  p.targetS = number('TARGETDURATION', Number.NaN);
  p.mediaSequence = number('MEDIA-SEQUENCE', 0);
  p.discontinuitySequence = number('DISCONTINUITY-SEQUENCE', 0);
  p.independentSegments = tags.has('INDEPENDENT-SEGMENTS');
  p.ended = tags.has('ENDLIST');
  p.control = attributes(tags.get('SERVER-CONTROL')?.[0] ?? '');
  if (tags.has('PART-INF')) p.partTargetS = Number(attributes(tags.get('PART-INF')![0]!)['PART-TARGET']);
  readSegments(lines, p);
  return p;
}

function readSegments(lines: readonly string[], p: MediaPlaylist): void {
  let discontinuityNumber = p.discontinuitySequence;
  let map: string | undefined;
  const empty = (): ListedSegment => ({
    sequence: p.mediaSequence + p.segments.length,
    uri: undefined,
    durationS: undefined,
    discontinuity: false,
    discontinuityNumber,
    map,
    dateTime: undefined,
    parts: [],
  });
  let open = empty();
  for (const line of lines) {
    const [, tag = '', value = ''] = /^#(EXT[A-Z-]*):?(.*)$/.exec(line) ?? [];
    const a = attributes(value);
    if (tag === 'EXT-X-DISCONTINUITY') {
      open.discontinuity = true;
      open.discontinuityNumber = ++discontinuityNumber;
    } else if (tag === 'EXT-X-MAP') {
      map = a.URI ?? missing(tag, 'URI', p);
      open.map = map;
    }
    if (tag === 'EXT-X-PROGRAM-DATE-TIME') open.dateTime = dateTime(value, p);
    else if (tag === 'EXT-X-PART')
      open.parts.push({
        uri: a.URI ?? missing('EXT-X-PART', 'URI', p),
        durationS: Number(a.DURATION ?? missing('EXT-X-PART', 'DURATION', p)),
        independent: a.INDEPENDENT === 'YES',
      });
    else if (tag === 'EXTINF') open.durationS = Number.parseFloat(value);
    else if (tag === 'EXT-X-PRELOAD-HINT' && a.TYPE === 'PART') p.hint = a.URI ?? missing('EXT-X-PRELOAD-HINT', 'URI', p);
    else if (tag === 'EXT-X-RENDITION-REPORT')
      p.reports.push({ uri: a.URI ?? missing(tag, 'URI', p), lastMsn: Number(a['LAST-MSN']), lastPart: Number(a['LAST-PART']) });
    else if (line !== '' && !line.startsWith('#')) {
      open.uri = line;
      if (open.durationS === undefined) p.problems.push(`4.4.4.1: ${line} has no EXTINF`);
      p.segments.push(open);
      open = empty();
    }
  }
  if (open.parts.length > 0) p.segments.push(open);
}

/** An attribute list (4.2): quoted strings may hold commas. */
export function attributes(list: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', quoted, plain = ''] of list.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))/g)) found[name] = quoted ?? plain;
  return found;
}

function wholeNumber(value: string, name: string, problems: string[]): number {
  if (!/^\d{1,20}$/.test(value)) problems.push(`4.2: EXT-X-${name} is no whole number: ${value}`);
  return Number(value);
}

function dateTime(value: string, p: MediaPlaylist): number {
  const at = Date.parse(value);
  if (Number.isNaN(at) || !/(Z|[+-]\d\d:?\d\d)$/.test(value)) p.problems.push(`4.4.4.6: no date with a time zone: ${value}`);
  return at;
}

function missing(tag: string, attribute: string, p: MediaPlaylist): string {
  p.problems.push(`4.4: ${tag} without ${attribute}`);
  return '';
}
