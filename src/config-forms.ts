/** The forms that settings come in: what a text must be to be taken, and what stands when it is unset. */
import { z } from 'zod';

export interface ConfigVariable<T = unknown> {
  about: string;
  /** Reads the text of the variable; undefined text means unset. */
  schema: z.ZodType<T, string | undefined>;
  /** Shown in the documentation: the value when unset, or what then happens. */
  unset: string;
  /** Never repeated in a message. */
  secret?: true;
  /** Taken with the blanks at its ends, which are cut off otherwise. */
  verbatim?: true;
  /** For the documentation: in what the default goes further than such a setting is commonly understood. */
  safer?: string;
}

const MAX_TIMER_MS = 2 ** 31 - 1; // Node's timers turn anything longer into 1 ms

export const wholeNumber = (min: number, max: number) => {
  const message = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
};

const addressOf = (...protocols: string[]) => {
  const message = `a URL that begins with ${protocols.map((name) => `${name}//`).join(' or ')}`;
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), message);
};

export const webAddress = addressOf('http:', 'https:').transform((text) => text.replace(/\/+$/, ''));
export const databaseAddress = addressOf('postgres:', 'postgresql:').optional();
export const oneOf = <const V extends readonly [string, ...string[]]>(values: V, standard: V[number]) =>
  z
    .enum(values, `one of ${values.join(', ')}`)
    .optional()
    .transform((value): V[number] => value ?? standard);

export const number = (about: string, unit: string, min: number, max: number, standard: number) => ({
  about: unit ? `${about} (${unit})` : about,
  schema: wholeNumber(min, max)
    .optional()
    .transform((value) => value ?? standard),
  unset: String(standard),
});
export const trueOrFalse = (about: string, standard: boolean) => ({
  about: `${about}: true or false`,
  schema: z
    .enum(['true', 'false'], 'true or false')
    .optional()
    .transform((value) => (value === undefined ? standard : value === 'true')),
  unset: String(standard),
});
export const secret = z.string().min(32, 'at least 32 characters long');
export const secrets = (about: string) => ({
  about: `${about}, separated by commas`,
  schema: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((list) => list.every((part) => part.length >= 32), 'secrets of at least 32 characters, separated by commas')
    .optional()
    .transform((list): readonly string[] => list ?? []),
  unset: 'none',
  secret: true as const,
});
export const hidden = (about: string) => ({
  about: `${about}: on or off`,
  schema: z.enum(['on', 'off'], 'on or off').optional(),
  unset: 'on; off with PROFILE=production',
});
export const perMinute = (what: string, of: string, standard: number) =>
  number(`${what} in a minute ${of}, over all API processes; 0 for no limit`, '', 0, 1_000_000_000, standard);
export const open = (what: string, of: string, standard: number) =>
  number(`Most ${what} ${of} may have open at one API process; 0 for no limit`, '', 0, 10_000_000, standard);
export const price = (about: string) => ({
  about: `${about} (USD per million)`,
  schema: z
    .string()
    .regex(/^\d{1,6}(?:\.\d{1,6})?$/, 'a price such as 0.15')
    .transform(Number)
    .optional(),
  unset: 'as the endpoint tells; else unknown',
});
export const milliseconds = (about: string, min: number, standard: number) =>
  number(about, 'ms', min, MAX_TIMER_MS, standard);

export const modelOf = (role: string) => ({
  about: `Model for ${role}`,
  schema: z.string().optional(),
  unset: 'HOSTED_LLM_MODEL',
});

export const prefix = (what: string, example: string, more = '') => ({
  about: `Put before each ${what} that is embedded, for models trained with such words (“${example}”)${more}`,
  schema: z.string().max(200, 'at most 200 characters long').optional(),
  unset: 'nothing',
  verbatim: true as const,
});

/** Separated by commas; empty when unset. */
export const listOf = (isOne: (text: string) => boolean, message: string) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .refine((list) => list.every(isOne), message)
    .optional()
    .transform((list) => list ?? []);
