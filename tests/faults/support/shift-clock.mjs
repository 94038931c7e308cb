/** Preloaded into a process whose clock is wrong by CLOCK_SHIFT_MS: what it takes for now; its timers run as ever. */
const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
const RightDate = Date;

globalThis.Date = class extends RightDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RightDate.now() + shiftMs] : parts));
  }

  static now() {
    return RightDate.now() + shiftMs;
  }
};
