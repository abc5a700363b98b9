/** A command of `loggia`. */
export interface Command {
  name: string
  /** What comes after the name. */
  operands: string
  /** What it does, as a sentence without a subject. */
  about: string
  /** Each option with what it does. */
  options?: readonly (readonly [string, string])[]
  /** Returns what to print; an empty text if it has printed already. */
  run(args: string[]): string | Promise<string>
}

/** A line for each command. */
export function usageOfAll(commands: readonly Command[]): string {
  const lines = table(
    commands.map(({ name, operands, about }) => [`loggia ${name} ${operands}`.trim(), about])
  )
  return `${lines}\n\nloggia COMMAND --help lists the options of a command, loggia --version prints the version.`
}

/** How a command is called, and its options. */
export function usageOf({ name, operands, about, options = [] }: Command): string {
  const call = ['loggia', name, options.length > 0 ? '[options]' : '', operands].filter(Boolean).join(' ')
  return [call, `  ${about}`, ...(options.length > 0 ? ['', table(options)] : [])].join('\n')
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
