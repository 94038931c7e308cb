import { registerEnumType } from 'type-graphql';
import { SCOPES, type Scope } from '../../platform/database/actor.js';

/** The enum as type-graphql wants it: an object of its names. */
export const ApiKeyScopeEnum = Object.fromEntries(SCOPES.map((scope) => [scope, scope])) as { [S in Scope]: S };

registerEnumType(ApiKeyScopeEnum, {
  name: 'ApiKeyScope',
  description: 'What an API key may be used for. It never does what its maker may not.',
  valuesConfig: {
    READ: { description: 'Everything its maker may read, and live views. Every key has it.' },
    ARTIFACTS_READ: { description: 'Download the files that runs have left.' },
    PROJECTS_WRITE: { description: 'Create, rename, archive and delete projects.' },
    PAPERS_WRITE: { description: 'Upload and take in papers.' },
    RUNS_WRITE: { description: 'Start, cancel, retry, answer and delete runs; delete artifacts.' },
    ADMIN: { description: 'Make use of the roles ADMIN and OWNER, where its maker has them.' },
  },
});
