/** Writes `src/generated/checks.ts` from the registry: `node protocol/scripts/generate-checks.ts`. A test holds the file against the schemas. */
import { writeFileSync } from 'node:fs';
import { renderChecks } from './render-checks.ts';

writeFileSync(new URL('../src/generated/checks.ts', import.meta.url), renderChecks());
