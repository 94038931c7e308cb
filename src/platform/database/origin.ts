/** Where a request came from, for the audit log: the facts that a row written on its behalf may name. */
export interface RequestOrigin {
  ip: string;
  userAgent: string | null;
  /** The client's own `x-request-id` where it is well-formed, else one made here; the answer carries it. */
  requestId: string | null;
}
