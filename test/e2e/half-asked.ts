import { openEngine } from '../../src/lib/data/engine.ts'
import { Query } from '../../src/lib/data/query.ts'

/** In the page: writes and checkpoints while a question is half answered; gives the answer. */
export async function writeWhileAsked() {
  const engine = await openEngine({ file: 'half-asked.db' })
  const [asking, writing] = [await engine.connect(), await engine.connect()]
  await writing.run(`CREATE TABLE words AS SELECT hash(range) AS word FROM range(3_000_000)`)
  const query = new Query(asking)
  const answer = query.ask('SELECT count(DISTINCT word)::INTEGER AS words FROM words')
  await writing.run('INSERT INTO words SELECT hash(range) FROM range(600_000)')
  await query.alone(async () => void (await writing.run('CHECKPOINT')))
  await engine.close()
  return answer
}
