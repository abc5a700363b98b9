/** Browsers draw no element that is taller: Firefox ends at 17.9 million pixels. */
const tallest = 8_000_000
/** So many pixels at either end are scrolled as they are. */
const edge = 1_000_000

/**
 * Between the pixels that a list has and those that its bar can scroll. Near the ends they are the same; between them, a
 * list that is too tall is scaled.
 */
export function scrollScale(pixels: number) {
  const height = Math.min(pixels, tallest)
  const scale = pixels > tallest ? (pixels - 2 * edge) / (tallest - 2 * edge) : 1
  return {
    /** Of the element. */
    height,
    isScaled: scale !== 1,
    /** Where in the list the bar stands. */
    listOf: (bar: number): number => {
      if (scale === 1 || bar <= edge) return bar
      return bar >= height - edge ? pixels - (height - bar) : edge + (bar - edge) * scale
    },
    /** Where the bar is to stand for a place of the list. */
    barOf: (list: number): number => {
      if (scale === 1 || list <= edge) return list
      return list >= pixels - edge ? height - (pixels - list) : edge + (list - edge) / scale
    }
  }
}
