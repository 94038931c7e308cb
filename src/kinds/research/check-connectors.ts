/** Which of the connectors a run asks for it may use: those the operator has allowed. */
import { badInput } from '../../platform/errors.js';
import { type ConnectorName, type SearchServiceName } from './connector-name.js';

declare module '../../platform/graphql/api-context.js' {
  interface Services {
    /** What may be asked outside of this machine; none unless the operator says so. */
    researchConnectors: readonly SearchServiceName[];
  }
}

/** LIBRARY first, each once; LIBRARY alone for none. BAD_INPUT for one that is not allowed here. */
export function checkConnectors(
  asked: readonly ConnectorName[] | null | undefined,
  allowed: readonly SearchServiceName[],
): ConnectorName[] {
  const others = [...new Set(asked ?? [])].filter((name) => name !== 'LIBRARY');
  const refused = others.filter((name) => !allowed.includes(name));
  if (refused.length > 0) {
    const may = ['LIBRARY', ...allowed].join(', ');
    throw badInput(`This installation does not ask ${refused.join(', ')}. Give some of: ${may}.`, {
      field: 'connectors',
      allowed: ['LIBRARY', ...allowed],
    });
  }
  return ['LIBRARY', ...others];
}
