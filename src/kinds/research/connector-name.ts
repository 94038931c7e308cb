/** Where a research run may look for sources. */

/** LIBRARY is the project's own; each other one leaves this machine and must be allowed by the operator. */
export const CONNECTOR_NAMES = ['LIBRARY', 'OPENALEX', 'ARXIV', 'CROSSREF', 'SEMANTIC_SCHOLAR', 'URL'] as const;
export type ConnectorName = (typeof CONNECTOR_NAMES)[number];

/** For the schema, where an enum is an object. */
export const ConnectorName = Object.fromEntries(CONNECTOR_NAMES.map((name) => [name, name])) as {
  readonly [Name in ConnectorName]: Name;
};

export const SEARCH_SERVICES = CONNECTOR_NAMES.filter((name) => name !== 'LIBRARY');
export type SearchServiceName = Exclude<ConnectorName, 'LIBRARY'>;
