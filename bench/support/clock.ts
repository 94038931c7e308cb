/** Milliseconds on a clock that all processes of this machine share and nobody sets: monotonic since boot. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
