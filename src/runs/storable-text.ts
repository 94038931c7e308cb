/** Postgres stores no U+0000 and no lone surrogate in text or jsonb; hostile documents hold both. They become U+FFFD. */
export function storableText<T>(value: T): T {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\u0000', '\uFFFD') as T;
  if (Array.isArray(value)) return value.map(storableText) as T;
  if (value && typeof value === 'object' && !(value instanceof Date)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [storableText(key), storableText(inner)]),
    ) as T;
  }
  return value;
}
