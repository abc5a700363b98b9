const index = 'known'
const prefix = 'known '
const most = 12
const pause = 15_000

const written = { key: '', at: 0 }

function listed(): string[] {
  try {
    return JSON.parse(localStorage.getItem(index) ?? '[]')
  } catch {
    return []
  }
}

/** What a view showed last, for the moment before the engine is there. */
export function known<Answer>(key: string): Answer | null {
  try {
    return JSON.parse(localStorage.getItem(prefix + key) ?? 'null')
  } catch {
    return null
  }
}

/** Keeps it for the next visit; while hits keep coming, only now and then. */
export function remember(key: string, answer: unknown) {
  if (written.key === key && Date.now() < written.at + pause) return
  Object.assign(written, { key, at: Date.now() })
  const keys = [key, ...listed().filter((other) => other !== key)]
  try {
    for (const old of keys.splice(most)) localStorage.removeItem(prefix + old)
    localStorage.setItem(index, JSON.stringify(keys))
    localStorage.setItem(prefix + key, JSON.stringify(answer))
  } catch {
    // No room, or none allowed: the next visit begins with dashes.
  }
}
