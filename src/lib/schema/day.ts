/** The UTC day of an instant in milliseconds, as parts name it: `2026-11-21`. */
export const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
