import { statementsOf, type Bound, type Connection } from '#lib/engine/connection.ts'
import type { Variable, Variables } from './selected.ts'

interface Definition {
  name: string
  sql: string
  values?: Bound[]
}

/** The macros and variables of a connection. Sends only what changed: each call to the engine's worker takes its time. */
export class Definitions {
  readonly #connection: Connection
  readonly #current = new Map<string, string>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Runs a script that creates macros. */
  setMacros(script: string): Promise<void> {
    return this.#set(
      statementsOf(script).map((sql) => ({ name: /^CREATE .*? MACRO \w+/m.exec(sql)?.[0] ?? sql, sql }))
    )
  }

  setVariables(variables: Variables): Promise<void> {
    return this.#set(
      Object.entries(variables).map(([name, variable]) => {
        if (!/^\w+$/.test(name)) throw new Error(`variable ${name} is not a name`)
        const { sql, values } = bind(variable)
        return { name: `variable ${name}`, sql: `SET VARIABLE ${name} = ${sql}`, ...(values && { values }) }
      })
    )
  }

  /** After a failure it is unknown which definitions the connection has. */
  forget(): void {
    this.#current.clear()
  }

  async #set(definitions: readonly Definition[]): Promise<void> {
    const changed = definitions.filter((one) => this.#current.get(one.name) !== keyOf(one))
    for (const { name } of changed) this.#current.delete(name)
    const script = changed.filter(({ values }) => !values).map(({ sql }) => sql)
    if (script.length) await this.#connection.run(script.join(';\n'))
    for (const { sql, values } of changed) if (values) await this.#connection.run(sql, values)
    for (const one of changed) this.#current.set(one.name, keyOf(one))
  }
}

const keyOf = ({ sql, values }: Definition) => JSON.stringify([sql, values])

// Numbers go into the text: a prepared statement takes three calls.
function bind(variable: Variable): { sql: string; values?: Bound[] } {
  if (variable instanceof Date) return { sql: `epoch_ms(${Math.round(variable.getTime())})` }
  if (typeof variable === 'number' && Number.isFinite(variable)) return { sql: String(variable) }
  if (variable === null || typeof variable !== 'object') return { sql: '?', values: [variable] }
  const items = variable.map(bind)
  const values = items.flatMap(({ values = [] }) => values)
  return { sql: `[${items.map(({ sql }) => sql).join(', ')}]`, ...(values.length && { values }) }
}
