import { readFileSync, writeFileSync, existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fail, root } from '../cli/process.ts'
import './raw.ts'
import { toMarkdown, type Section } from './report.ts'

const file = join(root, 'bench/RESULTS.md')
const names = [
  'ingest',
  'push',
  'append',
  'compact',
  'storage',
  'open',
  'ask',
  'search',
  'live',
  'bundle',
  'agents',
  'verdicts'
] as const

/** `npm run bench`, or `npm run bench -- ask`: runs benchmarks and puts their sections into RESULTS.md. */
async function main(asked: string[]): Promise<void> {
  const unknown = asked.find((name) => !names.some((known) => known === name))
  if (unknown) throw new Error(`benchmark ${unknown} is not one of ${names.join(', ')}`)
  for (const name of asked.length ? asked : names) {
    const { measure } = (await import(`./${name}.ts`)) as { measure(): Promise<Section | Section[]> }
    const text = [await measure()].flat().map(toMarkdown).join('\n')
    console.log(text)
    save(name, text)
  }
}

/** Replaces one section of the file and leaves the others. */
function save(name: string, text: string): void {
  const head = `# Results\n\nMade by \`npm run bench\` on ${cpus().length} cores. Trust the ratios: the machine is shared.\n`
  const [, ...old] = existsSync(file) ? readFileSync(file, 'utf8').split(/\n(?=<!-- \w+ -->)/) : []
  const sections = new Map(old.map((section) => [/<!-- (\w+) -->/.exec(section)![1]!, section.trim()]))
  sections.set(name, `<!-- ${name} -->\n${text.trim()}`)
  const ordered = names.flatMap((known) => sections.get(known) ?? [])
  writeFileSync(file, [head.trim(), ...ordered].join('\n\n') + '\n')
}

await main(process.argv.slice(2)).catch(fail)
