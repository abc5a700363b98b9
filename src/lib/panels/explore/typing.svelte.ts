import { writeClauses, type Clause } from '#lib/filter/filter.ts'
import { literalOf } from '#lib/find/pattern.ts'
import { parse, type Parsed, type Problem } from '#lib/find/parse.ts'
import { write, writeWord } from '#lib/find/write.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'
import { explorer } from './explorer.svelte.ts'

/** A query that is not changed for so many milliseconds is asked. */
const pause = 300

/** Whether words of the line are looked for in their case only: the clauses say so. */
const areCased = (clauses: readonly Clause[]) =>
  clauses.some(({ field, operator, values }) => {
    const isPattern = field === 'line' && (operator === 're' || operator === 'nre')
    return isPattern && values.length === 1 && literalOf(values[0]!) !== null
  })

/** The query as it is typed, kept in step with the filter of the address. */
export class Typing {
  text = $state('')
  isCased = $state(false)
  parsed = $derived<Parsed>(parse(this.text, { isCased: this.isCased }))
  /** What the engine says of a pattern. */
  #refused = $state.raw<Problem | null>(null)
  problem = $derived(this.parsed.problems[0] ?? this.#refused)
  /** The filter that the text was last read from, or written to. */
  #known = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  /** The first change after the bar got the focus is one that Back takes back; what follows belongs to it. */
  #isFirst = true

  /** Shows another filter than the one typed: a pill was made, or Back was pressed. */
  follow(clauses: readonly Clause[], find: string) {
    const filter = filterOf(clauses, find)
    if (filter === this.#known) return
    this.#known = filter
    clearTimeout(this.#timer)
    this.isCased = areCased(clauses)
    const { text } = write(clauses, { isCased: this.isCased })
    this.text = [text, find && `find:${writeWord(find)}`].filter(Boolean).join(' ')
    this.#refused = null
    void this.check()
  }

  /** Looks at the patterns of what is shown; without an engine nothing can be said of them. */
  async check() {
    const { text, parsed } = this
    const refused = await refusedOf(parsed)
    if (text === this.text) this.#refused = refused
  }

  begin = () => (this.#isFirst = true)

  type(text: string) {
    this.text = text
    this.#refused = null
    this.#ask(pause)
  }

  switchCase() {
    this.isCased = !this.isCased
    this.#ask(0)
  }

  /** Asks what is typed. A query with a problem leaves the last result as it is. */
  async apply() {
    clearTimeout(this.#timer)
    const { text, parsed } = this
    if (parsed.problems.length) return
    const refused = await refusedOf(parsed)
    if (text !== this.text) return
    this.#refused = refused
    if (refused) return
    const clauses = [...write(view.clauses).rest, ...parsed.clauses]
    const filter = filterOf(clauses, parsed.find)
    if (filter === this.#known) return
    this.#known = filter
    const isTyping = !this.#isFirst
    this.#isFirst = false
    await view.change({ clauses }, isTyping)
    if (parsed.find !== explorer.find) await explorer.change({ find: parsed.find }, true)
  }

  #ask(wait: number) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.apply(), wait)
  }
}

const filterOf = (clauses: readonly Clause[], find: string) => `${writeClauses(clauses)}#${find}`

/** Which regular expressions there are only the engine knows. */
async function refusedOf({ clauses, places }: Parsed): Promise<Problem | null> {
  for (const [i, clause] of clauses.entries()) {
    const isPattern = clause.operator === 're' || clause.operator === 'nre'
    const message = isPattern ? await sync.device?.query.problemOf(clause).catch(() => null) : null
    const [from, to] = places[i]!
    if (message) return { from, to, message }
  }
  return null
}
