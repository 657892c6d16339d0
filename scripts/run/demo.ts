/**
 * The demo world: who is enrolled at the centre, with random secrets made once. `enrolment.yaml` is the truth; the secret files
 * beside it are made from it at each start. All of it is readable by its owner only.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

export const BOX_ID = 'box-0001';
export const INTEGRATOR = '110';
export const OPERATOR = 'zhiban';
/** Who holds clips and opens cameras without their masks; who looks after everybody else. */
const OTHERS = [
  { user: 'guanli', name: '张主任', post: '综治中心主任', role: 'admin' },
  { user: 'shenji', name: '陈审计', post: '审计员', role: 'auditor' },
] as const;

const COUNTY = '522328';
const TOWNSHIP = '522328101';
const VILLAGE = '522328101201';

/** Easy to read out and to type: no 0/O, 1/l/I. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

export interface Demo {
  user: string;
  password: string;
  /** An administrator and an auditor. */
  others: { user: string; role: string; password: string }[];
  enrolmentFile: string;
  boxSecretFile: string;
  mediaSecretFile: string;
  integratorSecretFile: string;
}

/** What is read here of the broker's enrolment file; whatever else a person wrote into it stays. */
interface Enrolment {
  [key: string]: unknown;
  operators: { [key: string]: unknown; user: string; role?: string; password: string }[];
  boxes: { [key: string]: unknown; boxId: string; secret: string }[];
  integrators: { [key: string]: unknown; name: string; secret: string }[];
  mediaNodes: { [key: string]: unknown; node: string; secret: string }[];
}

/** Makes the files in `folder` where they are missing. `mediaNode` is the media-server's name at the centre. */
export function prepareDemo(folder: string, mediaNode: string): Demo {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const enrolmentFile = join(folder, 'enrolment.yaml');
  const isNew = !existsSync(enrolmentFile);
  const enrolment = isNew ? newEnrolment() : (parse(readFileSync(enrolmentFile, 'utf8')) as Enrolment);
  const news = [enrolMediaNode(enrolment, mediaNode), enrolOthers(enrolment)];
  if (isNew || news.includes(true)) writePrivate(enrolmentFile, `${HEADER}${stringify(enrolment)}`);

  const secretFile = (name: string, secret: string | undefined): string => {
    if (!secret) throw new Error(`${enrolmentFile} holds no secret for ${name}: delete the file, and a new one is made`);
    const file = join(folder, `${name}.secret`);
    if (!existsSync(file) || readFileSync(file, 'utf8').trim() !== secret) writePrivate(file, `${secret}\n`);
    return file;
  };
  return {
    user: OPERATOR,
    password: enrolment.operators.find((o) => o.user === OPERATOR)?.password ?? '',
    others: enrolment.operators.flatMap(({ user, role = 'operator', password }) => (role === 'operator' ? [] : [{ user, role, password }])),
    enrolmentFile,
    boxSecretFile: secretFile(BOX_ID, enrolment.boxes.find((b) => b.boxId === BOX_ID)?.secret),
    mediaSecretFile: secretFile(mediaNode, enrolment.mediaNodes.find((m) => m.node === mediaNode)?.secret),
    integratorSecretFile: secretFile(`integrator-${INTEGRATOR}`, enrolment.integrators.find((i) => i.name === INTEGRATOR)?.secret),
  };
}

const HEADER = `# Who may talk to the centre of the demo. Made by npm start with random secrets; edit it as you like, the broker reads it at each start.
# Keep it to yourself: whoever reads it can be any of these.
`;

function newEnrolment(): Enrolment {
  return {
    areas: { [COUNTY]: '安和县', [TOWNSHIP]: '平安镇', [VILLAGE]: '平安村' },
    operators: [{ user: OPERATOR, name: '李值班', post: '综治中心值班员', role: 'operator', password: randomPassword() }],
    boxes: [
      {
        boxId: BOX_ID,
        secret: randomSecret(),
        name: '王秀英',
        address: '平安村3组12号',
        phone: '13900000001',
        area: VILLAGE,
        position: { lat: 25.101, lon: 105.471 },
      },
    ],
    integrators: [{ name: INTEGRATOR, secret: randomSecret(), mayCommand: true, maySeeHouseholds: true, areas: [COUNTY] }],
    mediaNodes: [],
  };
}

/** Whether the node had to be added. */
function enrolMediaNode(enrolment: Enrolment, node: string): boolean {
  if (enrolment.mediaNodes.some((m) => m.node === node)) return false;
  enrolment.mediaNodes.push({ node, secret: randomSecret() });
  return true;
}

/** Whether one had to be added: a file of an earlier version has nobody of that role. */
function enrolOthers(enrolment: Enrolment): boolean {
  const missing = OTHERS.filter(({ role }) => !enrolment.operators.some((o) => o.role === role));
  enrolment.operators.push(...missing.map((person) => ({ ...person, password: randomPassword() })));
  return missing.length > 0;
}

/** 256 random bits, base64url. */
function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** About 59 random bits in three groups, e.g. `k7mf-2qpx-9vtd`. */
function randomPassword(): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return [group(), group(), group()].join('-');
}

/** Whole or not at all: temporary file, fsync, rename. */
export function writePrivate(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.tmp`;
  const fd = openSync(fresh, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, file);
}
