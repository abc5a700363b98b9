/** Where an agent names the model of an Android device. */
export interface ModelPlace {
  readonly start: number
  readonly end: number
  /** Where what belongs to the model ends: behind its build. */
  readonly stop: number
}

/** Stands where a model might: a language, a remark, a mode, the version of the engine. */
const noModel =
  /^(?:U|K|N|I|wv|Mobile|Tablet|HarmonyOS|arm_64|arm|Linux|rv:.*|Silk\/.*|[a-z]{2,3}(?:[-_][A-Za-z]{2,4})*)$/

/** A part of a comment in which a bot says what it is. */
const declares = /compatible|https?:|bot\/|spider|crawl/i

/** The place of the model: the first part of the comment behind `Android x;` that can be one, or null. */
export function modelPlace(agent: string): ModelPlace | null {
  if (!agent.includes(' Andr')) return null
  const word = /\bAndr[o0]id [\d.]+[a-z]?;/.exec(agent)
  return word && modelFrom(agent, word.index + word[0].length)
}

/** The same, where the semicolon behind the version of Android is already found. */
export function modelFrom(agent: string, from: number): ModelPlace | null {
  for (let at = from; at < agent.length;) {
    const stop = partEnd(agent, at)
    const start = at + Number(agent.charCodeAt(at) === 32)
    const text = agent.slice(start, stop)
    if (text !== '' && !noModel.test(text)) {
      if (declares.test(text)) return null
      const build = text.search(/ ?Build\//)
      return { start, end: build < 0 ? stop : start + build, stop }
    }
    if (agent.charCodeAt(stop) !== 59) return null
    at = stop + 1
  }
  return null
}

/**
 * The index of the semicolon or parenthesis that ends a part of a comment; parentheses within it count. The engine ends
 * it too: some apps leave the parentheses out.
 */
function partEnd(agent: string, from: number): number {
  let depth = 0
  for (let at = from; at < agent.length; at++) {
    const code = agent.charCodeAt(at)
    if (code === 40) depth++
    else if (code === 41 && depth-- === 0) return at
    else if (code === 59 && depth === 0) return at
    else if (code === 32 && agent.startsWith('AppleWebKit/', at + 1)) return at
  }
  return agent.length
}
