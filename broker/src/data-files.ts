import { join } from 'node:path';

/** Files below `dataDir`. */
export const dataFiles = (dataDir: string) => ({
  database: join(dataDir, 'shouwang.db'),
  lock: join(dataDir, 'lock.db'),
  adminSocket: join(dataDir, 'admin.sock'),
  certificates: join(dataDir, 'pki'),
  grantKey: join(dataDir, 'keys', 'grants-ed25519.pem'),
  activationKey: join(dataDir, 'keys', 'activation-hmac.txt'),
  ledgerKey: join(dataDir, 'keys', 'ledger-ed25519.pem'),
});
