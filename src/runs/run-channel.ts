/** The NOTIFY channel on which the ids of changed runs travel. */
export const RUN_CHANNEL = 'paperwright_runs';
