/** The real process of the centre, for tests that kill it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { Addresses } from '../addresses.ts';
import { ENROLMENT } from './centre.ts';

export class CentreProcess {
  readonly child: ChildProcess;
  readonly folder: string;
  output = '';

  private constructor(child: ChildProcess, folder: string) {
    this.child = child;
    this.folder = folder;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk;
      });
  }

  /** Starts it with a database in `folder` on free ports. */
  static spawn(folder: string, env: Record<string, string> = {}, args: string[] = []): CentreProcess {
    const enrolment = join(folder, 'enrolment.yaml');
    writeFileSync(enrolment, stringify(ENROLMENT));
    const child = spawn(process.execPath, [new URL('../main.ts', import.meta.url).pathname, ...args], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        SHOUWANG_BROKER_HTTP_PORT: '0',
        SHOUWANG_BROKER_MQTT_PORT: '0',
        SHOUWANG_BROKER_DATA_DIR: join(folder, 'data'),
        SHOUWANG_BROKER_ENROLMENT_FILE: enrolment,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const centre = new CentreProcess(child, folder);
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await centre.ends();
    });
    return centre;
  }

  /** Resolves with the addresses once it is ready; rejects with its output when it ends first. */
  ready(): Promise<Addresses> {
    return new Promise((resolve, reject) => {
      this.child.once('exit', () => reject(new Error(this.output)));
      this.child.once('message', (message) => resolve(message as Addresses));
    });
  }

  /** The exit code, or the signal that ended it. */
  async ends(): Promise<number | string> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
    for (const stream of [child.stdout, child.stderr])
      if (stream && !stream.closed) await new Promise((resolve) => stream.once('close', resolve));
    return child.exitCode ?? child.signalCode ?? '';
  }
}
