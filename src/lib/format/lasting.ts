const lengths = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's']
] as const

/** Seconds in the two largest units: 1 h 20 min. */
export function lasting(seconds: number): string {
  const parts: string[] = []
  let rest = Math.round(seconds)
  for (const [length, unit] of lengths) {
    const whole = Math.floor(rest / length)
    rest -= whole * length
    if (whole) parts.push(`${whole}\u00a0${unit}`)
    if (parts.length === 2) break
  }
  return parts.join(' ') || '0\u00a0s'
}
