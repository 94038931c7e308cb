const MAX_DEPTH = 5; // of causes: a driver's error comes wrapped by the ORM, and by us; a circle ends

/** An error, its cause, the cause of that …; nothing for what is no Error. */
export function* causesOf(error: unknown): Generator<Error, void, void> {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < MAX_DEPTH; at = at.cause, depth++) yield at;
}
