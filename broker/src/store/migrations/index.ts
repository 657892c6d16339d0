/** All migrations by name, in the order of their names. A migration that has run anywhere is never edited. */
import type { Migration, MigrationProvider } from 'kysely/migration';
import * as first from './0001-first.ts';
import * as registry from './0002-registry.ts';
import * as silentAndTests from './0003-silent-and-tests.ts';
import * as fleet from './0004-fleet.ts';
import * as certificates from './0005-certificates.ts';
import * as deadLetters from './0006-dead-letters.ts';
import * as remoteConfigs from './0007-remote-configs.ts';
import * as activation from './0008-activation.ts';
import * as evidence from './0009-evidence.ts';
import * as masks from './0010-masks.ts';
import * as notices from './0011-notices.ts';
import * as cameraGroups from './0012-camera-groups.ts';
import * as viewsEnded from './0013-views-ended.ts';

const MIGRATIONS: Record<string, Migration> = {
  '0001-first': first,
  '0002-registry': registry,
  '0003-silent-and-tests': silentAndTests,
  '0004-fleet': fleet,
  '0005-certificates': certificates,
  '0006-dead-letters': deadLetters,
  '0007-remote-configs': remoteConfigs,
  '0008-activation': activation,
  '0009-evidence': evidence,
  '0010-masks': masks,
  '0011-notices': notices,
  '0012-camera-groups': cameraGroups,
  '0013-views-ended': viewsEnded,
};

export const migrations: MigrationProvider = { getMigrations: async () => MIGRATIONS };
