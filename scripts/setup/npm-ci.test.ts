import { describe, expect, it } from 'vitest';
import { environmentForNpm } from './npm.mjs';
import { outdated } from './npm-ci.mjs';

describe('whether npm ci is needed', () => {
  const locked = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/native-mac': { version: '1.0.0', optional: true },
    'node_modules/@shouwang/broker': { resolved: 'broker', link: true },
    broker: { version: '0.1.0' },
  };

  it('is not when npm has recorded every package at its version, whoever ran it', () => {
    expect(outdated(locked, locked)).toEqual([]);
  });

  it('is not for optional packages of other systems', () => {
    const { 'node_modules/native-mac': _, ...installed } = locked;
    expect(outdated(locked, installed)).toEqual([]);
  });

  it('is not for packages that a person installed besides', () => {
    expect(outdated(locked, { ...locked, 'node_modules/extra': { version: '9.9.9' } })).toEqual([]);
  });

  it('is when a version differs or a workspace is new', () => {
    const { 'node_modules/@shouwang/broker': _, ...withoutBroker } = locked;
    expect(outdated(locked, { ...withoutBroker, 'node_modules/a': { version: '0.9.0' } })).toEqual(['a', '@shouwang/broker']);
  });
});

describe('the environment of an inner npm', () => {
  it('keeps settings and drops what the outer npm says about itself', () => {
    const inner = environmentForNpm({
      PATH: '/bin',
      npm_config_registry: 'x',
      npm_config_local_prefix: '/elsewhere',
      npm_config_workspace: 'tests',
      npm_lifecycle_event: 'start',
      npm_package_name: 'shouwang',
      INIT_CWD: '/elsewhere',
    });
    expect(inner).toEqual({ PATH: '/bin', npm_config_registry: 'x' });
  });
});
