/**
 * `npm run box -- …`: enrols boxes, signs their certificates and takes their right away, on the centre's own machine and while the centre
 * runs. It speaks to the running centre over the socket in its data folder; only whoever runs the centre may open that.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type AdminBox,
  type AuthorityView,
  adminPaths,
  asCoded,
  type BoxCertificate,
  CodedError,
  type EnrolmentRefused,
} from '@shouwang/protocol';
import { AdminRefusal, askCentre } from './admin/client.ts';
import { loadBrokerConfig } from './config.ts';
import { dataFiles } from './data-files.ts';

const USAGE = `usage: npm run -s box -- COMMAND [--data-dir DIR | --config FILE]
  enrol  --box-id ID --name NAME --address ADDRESS --phone PHONE --area CODE [--position LAT,LON] [--csr FILE] [--out FILE]
         enrols or changes a box; with --csr its request is signed, and earlier certificates of the box are refused from now on
  renew  --box-id ID --csr FILE [--out FILE]   signs a further certificate; earlier ones stay good
  revoke --box-id ID                           refuses the box from now on, and cuts it off
  reinstate --box-id ID                        takes that back
  show   --box-id ID
  pin    what boxes are told to trust (centre.pins)
Certificates go to standard output, or to the file of --out.
`;
const EX_USAGE = 64;

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  'box-id': TEXT,
  name: TEXT,
  address: TEXT,
  phone: TEXT,
  area: TEXT,
  position: TEXT,
  csr: TEXT,
  out: TEXT,
  config: TEXT,
  'data-dir': TEXT,
} as const;
type Values = { [K in keyof typeof OPTIONS]?: string | undefined };

class Usage extends Error {}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [command] = positionals;
  if (positionals.length !== 1) throw new Usage();
  const socket = dataFiles(values['data-dir'] ?? loadBrokerConfig(values.config, process.env).dataDir).adminSocket;
  const ask = <T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> => askCentre<T>(socket, method, path, body);

  switch (command) {
    case 'enrol': {
      const box = boxOf(values);
      // Read before anything is changed.
      const csr = values.csr === undefined ? undefined : read(values.csr);
      await ask('POST', adminPaths.boxes, { boxes: [box] });
      note(`${box.boxId}: enrolled`);
      if (csr !== undefined) hand(await ask<BoxCertificate>('POST', adminPaths.boxCertificate(box.boxId), { csr }), values.out);
      return;
    }
    case 'renew': {
      const csr = read(need(values, 'csr'));
      const path = adminPaths.boxCertificate(need(values, 'box-id'));
      return hand(await ask<BoxCertificate>('POST', path, { csr, keepEarlier: true }), values.out);
    }
    case 'revoke':
      return show(await ask<AdminBox>('POST', adminPaths.revokeBox(need(values, 'box-id'))));
    case 'reinstate':
      return show(await ask<AdminBox>('POST', adminPaths.reinstateBox(need(values, 'box-id'))));
    case 'show':
      return show(await ask<AdminBox>('GET', adminPaths.box(need(values, 'box-id'))));
    case 'pin':
      process.stdout.write(`${(await ask<AuthorityView>('GET', adminPaths.authority)).pin}\n`);
      return;
    default:
      throw new Usage();
  }
}

function boxOf(values: Values) {
  const [lat, lon] = (values.position ?? '').split(',').map(Number);
  if (values.position !== undefined && !(Number.isFinite(lat) && Number.isFinite(lon)))
    throw new CodedError('BAD_PAYLOAD', '--position: expected LAT,LON in degrees');
  return {
    boxId: need(values, 'box-id'),
    name: need(values, 'name'),
    address: need(values, 'address'),
    phone: need(values, 'phone'),
    area: need(values, 'area'),
    ...(values.position === undefined ? {} : { position: { lat, lon } }),
  };
}

function need(values: Values, key: keyof Values): string {
  const value = values[key];
  if (value === undefined || value === '') throw new Usage(`--${key} is missing`);
  return value;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CodedError('BAD_PAYLOAD', `--csr: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Gives the certificate to the engineer, for the box. */
function hand({ boxId, serial, notAfter, chain }: BoxCertificate, out: string | undefined): void {
  if (out === undefined) process.stdout.write(chain);
  else writeFileSync(out, chain);
  note(`${boxId}: certificate ${serial}, good until ${new Date(notAfter).toISOString()}${out === undefined ? '' : `, in ${out}`}`);
}

function show(box: AdminBox): void {
  process.stdout.write(`${JSON.stringify(box, undefined, 2)}\n`);
}

/** Beside what may be piped on. */
function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

main().catch((error: unknown) => {
  if (error instanceof Usage || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) {
    note(`${(error as Error).message}\n${USAGE}`.trim());
    process.exitCode = EX_USAGE;
    return;
  }
  const coded = asCoded(error);
  note(`box: ${coded.message}${coded.code === 'INTERNAL' ? `\n${(coded.cause as Error)?.stack}` : ''}`);
  if (error instanceof AdminRefusal) for (const r of (error.body as Partial<EnrolmentRefused>).refused ?? []) note(`  ${r.reason}`);
  process.exitCode = 1;
});
