/** Frequencies in Hz, one after the other. */
const notes = [880, 660] as const
/** Seconds of each. */
const length = 0.18
/** Alerts that fire within so many ms have one sound. */
const pause = 2_000

let context: AudioContext | null = null
let played = -Infinity

/**
 * Plays a short tone. False if the browser refuses: a page is silent until somebody clicks on it or presses a key.
 */
export async function playTone(): Promise<boolean> {
  if (performance.now() < played + pause) return true
  // Without a click it would wait for one, and sound long after the alert.
  if (!navigator.userActivation.hasBeenActive) return false
  context ??= new AudioContext()
  await context.resume()
  played = performance.now()
  for (const [at, frequency] of notes.entries()) play(context, frequency, context.currentTime + at * length)
  return true
}

function play(context: AudioContext, frequency: number, from: number): void {
  const [tone, volume] = [context.createOscillator(), context.createGain()]
  tone.frequency.value = frequency
  volume.gain.setValueAtTime(0, from)
  volume.gain.linearRampToValueAtTime(0.2, from + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.001, from + length)
  tone.connect(volume).connect(context.destination)
  tone.start(from)
  tone.stop(from + length)
}
