import { openEngine } from '../../src/lib/engine/engine.ts'
import { Query } from '../../src/lib/ask/query.ts'

const question = 'SELECT count(DISTINCT word)::INTEGER AS words FROM words'

/** In the page: writes and saves while a question is half answered, and after one was stopped; gives their outcomes. */
export async function writeWhileAsked() {
  const engine = await openEngine({ file: 'half-asked.db' })
  const [asking, writing] = [await engine.connect(), await engine.connect()]
  await writing.run(`CREATE TABLE words AS SELECT hash(range) AS word FROM range(3_000_000)`)
  const query = new Query(asking)
  const write = async () => {
    await writing.run('INSERT INTO words SELECT hash(range) FROM range(600_000)')
    await query.alone(async () => void (await writing.run('CHECKPOINT')))
  }
  const answer = query.ask(question)
  await write()
  query.version++
  const stopped = query.ask(question).catch((error: Error) => error.name)
  await writing.run('SELECT 1')
  await query.cancel()
  await write()
  await engine.close()
  return [await answer, await stopped]
}
