/** Reads a list of boxes beside the centre's own thread: twenty thousand lines take a second, and no alarm may wait behind them. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { asCoded, CodedError, type ErrorCode } from '@shouwang/protocol';
import { type ReadCsv, readBoxesCsv } from './csv.ts';

type Told = { read: ReadCsv } | { code: ErrorCode; detail: string | undefined };

if (!isMainThread && workerData?.csv instanceof Uint8Array) {
  let told: Told;
  try {
    told = { read: readBoxesCsv(workerData.csv) };
  } catch (error) {
    const { code, detail } = asCoded(error);
    told = { code, detail };
  }
  parentPort!.postMessage(told);
}

/** As `readBoxesCsv`, in a thread of its own. Throws BAD_PAYLOAD as it does. */
export function readBoxesCsvAside(csv: Uint8Array): Promise<ReadCsv> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { csv } });
    worker.once('message', (told: Told) => ('read' in told ? resolve(told.read) : reject(new CodedError(told.code, told.detail))));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the reader of the list ended with ${code}`)));
  });
}
