/** Steps from little to much. */
export const shades = Array.from({ length: 6 }, (_, i) => `var(--seq-${i + 1})`)

/** The step of a count on a logarithmic scale up to the largest; nothing has a color of its own. */
export function shadeOf(count: number, most: number): string {
  if (count <= 0) return 'var(--line)'
  const share = most > 1 ? Math.log(count) / Math.log(most) : 1
  return shades[Math.min(shades.length - 1, Math.floor(share * shades.length))] ?? 'var(--line)'
}
