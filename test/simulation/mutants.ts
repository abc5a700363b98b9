import type { Mutant } from './mutant.ts'

/**
 * The safeguards of the store, each with the edit that removes it: the simulation must notice every one. What a commit
 * compares (parts pending, parents live, log where it was) is one of them, because each of the three covers the others.
 */
export const mutants: readonly Mutant[] = [
  {
    name: 'the answer waits for the log',
    file: 'workers/store/hit-buffer.ts',
    pattern: 'const outcome = append(this.#around.storage, batch, this.#seen)',
    replacement: `const rows = batch.rows.reduce((sum, row) => sum + row.rows, 0), rejected = batch.refusals.length
      const outcome = { received: rows + rejected, accepted: rows, duplicate: 0, rejected, known: false }
      void scheduler.wait(20).then(() => append(this.#around.storage, batch, this.#seen)).catch(() => {})`
  },
  {
    name: 'append is one transaction',
    file: 'workers/store/log.ts',
    pattern: 'return storage.transaction(() => {',
    replacement: 'return ((work: () => Outcome & { known: boolean }) => work())(() => {'
  },
  {
    name: 'a commit is one transaction',
    file: 'workers/store/manifest.ts',
    pattern: `return storage.transaction(() => {
    const count`,
    replacement: `return ((work: () => ManifestChange | null) => work())(() => {
    const count`
  },
  {
    name: 'a known key is answered as before',
    file: 'workers/store/log.ts',
    pattern: 'batch.key === null ? null : (outcomeOf(storage, batch.key) ?? outcomeOfWhole(storage, batch))',
    replacement:
      'null as Outcome | null; if (batch.key !== null) storage.sql("delete from batch where key = ?", batch.key)'
  },
  {
    name: 'keys are kept for seven days',
    file: 'workers/store/log.ts',
    pattern: ` and key not in (select key from batch order by received desc limit 100000)\`,
    now - 7 * day`,
    replacement: `\`,
    now - day / 24`
  },
  {
    name: 'lines are known by their ids',
    file: 'workers/store/log.ts',
    pattern: 'const dropped = seen.find(batch.rows)',
    replacement: 'const dropped = batch.rows.map((): number[] => [])'
  },
  {
    name: 'lines are known after the log is trimmed',
    file: 'workers/store/log.ts',
    pattern: 'keepLines(storage, first)',
    replacement: ''
  },
  {
    name: 'lines are known for 48 hours',
    file: 'workers/store/seen-lines.ts',
    pattern: 'const maxHours = 48',
    replacement: 'const maxHours = 0'
  },
  {
    name: 'lines of this run are in the filter',
    file: 'workers/store/seen-lines.ts',
    pattern: '        else this.#put(low, high)\n',
    replacement: ''
  },
  {
    name: 'no setting reaches what a line is known by',
    file: 'workers/store/line-hash.ts',
    pattern: '.filter((column) => column.identity)',
    replacement: `.filter(({ from, name }) => from === 'accept' && name !== 'token')`
  },
  {
    name: 'a time that the zone of the site gave is not the own one',
    file: 'src/lib/accept/fields.ts',
    pattern: `['no_time', 'no_zone', 'site_zone', 'wrapper_time']`,
    replacement: `['no_time', 'no_zone', 'wrapper_time']`
  },
  {
    name: 'a line keeps its own time whatever the clock says',
    file: 'src/lib/accept/fields.ts',
    pattern: 'else hit.time = time',
    replacement: `else if (verdict !== 'skew') hit.time = time`
  },
  {
    name: 'lines are known for 48 hours whatever the clock says',
    file: 'workers/store/seen-lines.ts',
    pattern: 'order by max(id) desc limit ?',
    replacement: 'limit 0 * ?'
  },
  {
    name: 'what came by a clock that was ahead is flushed',
    file: 'workers/store/schedule.ts',
    pattern: ' || oldest > now + patience',
    replacement: ''
  },
  {
    name: 'only a batch with a key is tried again',
    file: 'workers/ingest/deliver.ts',
    pattern: 'batch.key !== null && ',
    replacement: ''
  },
  {
    name: 'an error of the platform is no fault of a batch',
    file: 'workers/ingest/deliver.ts',
    pattern: `      throw judge(error, site)`,
    replacement: `      const failures = ((globalThis as { failures?: Map<unknown, number> }).failures ??= new Map())
      const failed = (failures.get(batch.key) ?? 0) + 1
      failures.set(batch.key, failed)
      if (batch.key === null || isTrue(error, 'retryable') || failed < 3) throw judge(error, site)
      const rejected = batch.refusals.length
      const accepted = batch.rows.reduce((sum, row) => sum + row.rows, 0)
      return { received: accepted + rejected, accepted, duplicate: 0, rejected, known: false }`
  },
  {
    name: 'a call of the bucket that is not answered ends',
    file: 'workers/store/answered.ts',
    pattern: 'inTime(patience, answer,',
    replacement: 'inTime(10 ** 12, answer,'
  },
  {
    name: 'the log is trimmed by the commit',
    file: 'workers/store/flush.ts',
    pattern: `intend(storage, 'flush', intents, now())`,
    replacement: `intend(storage, 'flush', intents, now())
  storage.sql('delete from log where position < ?', intents[0]?.ranges[0]!.to ?? 0)`
  },
  {
    name: 'positions are never used twice',
    file: 'workers/store/unflushed.ts',
    pattern: 'Math.max(last + 1, flushedOf(storage))',
    replacement: 'last + 1'
  },
  {
    name: 'a row of the log knows what lies before it',
    file: 'workers/store/unflushed.ts',
    pattern: 'rows: rows + (known?.rows ?? 0)',
    replacement: 'rows'
  },
  {
    name: 'a put is settled by the object',
    file: 'workers/store/storage.ts',
    pattern: 'if (stored?.bytes !== bytes.length || stored.sha256 !== sha256) throw error',
    replacement: ''
  },
  {
    name: 'a commit compares before it sets',
    file: 'workers/store/manifest.ts',
    pattern: 'if (!unchanged) {',
    replacement: 'if (false) {'
  },
  {
    name: 'a commit compares the range that it was built of',
    file: 'workers/store/flush.ts',
    pattern: `): Promise<ManifestChange | null> {
  const { storage } = around
  const rows`,
    replacement: `): Promise<ManifestChange | null> {
  const { storage } = around
  from = readState(storage, 'flushed') ?? 0
  const rows`
  },
  {
    name: 'an object that is displaced writes no more',
    file: 'workers/store/writer.ts',
    pattern: "readState(storage, 'writer') !== own",
    replacement: 'false'
  },
  {
    name: 'a displaced object makes room',
    file: 'workers/store/hit-buffer.ts',
    pattern: "if (performance.now() >= this.#displaced + rest) this.ctx.abort('this object was displaced')",
    replacement: ''
  },
  {
    name: 'what was announced and not committed is given up',
    file: 'workers/store/work.ts',
    pattern: 'giveUp(storage, now())',
    replacement: 'null'
  },
  {
    name: 'names are never used twice',
    file: 'workers/store/platform.ts',
    pattern: 'crypto.getRandomValues(new Uint8Array(16))',
    replacement: 'crypto.getRandomValues(new Uint8Array(16)).fill(0, 0, 15)'
  },
  {
    name: 'a compaction is verified',
    file: 'workers/store/compaction.ts',
    pattern: '  await verify(around, plan, bytes, rows)\n',
    replacement: ''
  },
  {
    name: 'what a compaction copies is compared',
    file: 'workers/store/compaction.ts',
    pattern: 'else if (!isCopy(await run.stored(), await copied.stored()))',
    replacement: 'else if (false)'
  },
  {
    name: 'what a compaction makes anew is compared',
    file: 'workers/store/compaction.ts',
    pattern: 'if (before !== after)',
    replacement: 'if (false)'
  },
  {
    name: 'a part is announced before it is stored',
    file: 'workers/store/flush.ts',
    pattern: `    describe(storage, intent.id, built)
    await putOnce(bucket, partKey(site, intent), body, built.sha256)`,
    replacement: `    await putOnce(bucket, partKey(site, intent), body, built.sha256)
    intend(storage, 'flush', intents, now())
    describe(storage, intent.id, built)`
  },
  {
    name: 'a manifest is read in one call',
    file: 'workers/store/hit-buffer.ts',
    pattern: `await this.#doubt()
    return readManifest(this.#around.storage, site)`,
    replacement: `await this.#doubt()
    const { version } = readManifest(this.#around.storage, site)
    await scheduler.wait(2_000)
    return { ...readManifest(this.#around.storage, site), version }`
  },
  {
    name: 'dead parts stay for a day',
    file: 'workers/store/garbage.ts',
    pattern: 'const grace = 24 * hour',
    replacement: 'const grace = hour / 4'
  },
  {
    name: 'orphans are swept',
    file: 'workers/store/garbage.ts',
    pattern: '  if (last !== null) await deleteAll(around, orphans)\n',
    replacement: ''
  },
  {
    name: 'garbage is collected',
    file: 'workers/store/work.ts',
    pattern: '    () => collect(around),\n',
    replacement: ''
  },
  {
    name: 'an object goes before its name',
    file: 'workers/store/garbage.ts',
    pattern: `    await bucket.delete(dead.map((part) => partKey(site, part)))
`,
    replacement: `    const keys = dead.map((part) => partKey(site, part))
    for (const { id } of dead) storage.sql('update part set deleted = ? where id = ?', now(), id)
    void bucket.delete(keys).catch(() => {})
    storage.sql('update state set value = ? where name = ?', now() + 365 * 24 * hour, 'swept')
`
  },
  {
    name: 'an alarm that is set again when it is lost',
    file: 'workers/store/hit-buffer.ts',
    pattern: ' && !this.#isLost)) return',
    replacement: ')) return'
  },
  {
    name: 'whoever reads sees that the alarm is alive',
    file: 'workers/store/hit-buffer.ts',
    pattern: 'this.#arm(this.#isLost ? this.#next() : this.#flushTime()).catch(() => {})',
    replacement: ''
  },
  {
    name: 'whoever reads sees to what another object took',
    file: 'workers/store/hit-buffer.ts',
    pattern: 'this.#arm(this.#isLost ? this.#next() : this.#flushTime())',
    replacement: 'if (this.#isLost) this.#arm(this.#next())'
  },
  {
    name: 'the alarm is set anew whatever happened',
    file: 'workers/store/hit-buffer.ts',
    pattern: 'this.#displaced === null ? this.#arm(this.#next())',
    replacement: 'this.#backOff.next(0) !== null ? null : this.#displaced === null ? this.#arm(this.#next())'
  },
  {
    name: 'a new object goes on waiting',
    file: 'workers/store/hit-buffer.ts',
    pattern: '      this.#backOff.load()\n',
    replacement: ''
  },
  {
    name: 'a turn is a lease',
    file: 'workers/store/turn.ts',
    pattern: 'holder !== null && until > performance.now()',
    replacement: 'holder !== null'
  },
  {
    name: 'what cannot be built is set aside',
    file: 'workers/store/flush.ts',
    pattern: 'if (failures + 1 < patience) throw error',
    replacement: 'throw error'
  },
  {
    name: 'an erasure means what came before it',
    file: 'workers/store/erase.ts',
    pattern: 'return rows.filter((row) => Number(seq[row]) < before * seqsPerPosition)',
    replacement: 'return seq.length ? rows : []'
  },
  {
    name: 'storage that was put back is noticed',
    file: 'workers/store/work.ts',
    pattern: '  await noticeRestore(around)\n',
    replacement: ''
  },
  {
    name: 'what a power cut took is noticed',
    file: 'workers/store/mend.ts',
    pattern: `if ((await hashInBucket(around, part)) === part.sha256) continue
    const change`,
    replacement: `if (part.id) continue
    const change`
  },
  {
    name: 'a reader of an old manifest finds no half of a part',
    file: 'workers/store/mend.ts',
    pattern: `    await bucket.delete([partKey(site, part)])
    storage.sql('update part set unsynced`,
    replacement: `    storage.sql('update part set unsynced`
  },
  {
    name: 'the log keeps what a power cut may take',
    file: 'workers/store/log.ts',
    pattern: 'if (boot === null) return flushed',
    replacement: 'return flushed'
  },
  {
    name: 'what was erased and came back is erased again',
    file: 'workers/store/mend.ts',
    pattern: `  storage.sql('update erasure set done = null')\n`,
    replacement: ''
  },
  {
    name: 'a rewritten part has a new revision',
    file: 'workers/store/erase.ts',
    pattern: 'changes: true',
    replacement: 'changes: false'
  },
  {
    name: 'a device skips only what it holds at that revision',
    file: 'src/lib/device/sync.ts',
    pattern: 'range.day === day && range.revision === revision)',
    replacement: 'range.day === day && revision >= 0)'
  },
  {
    name: 'a device notices a version that it missed',
    file: 'src/lib/device/sync.ts',
    pattern: 'if (manifest?.version !== change.version - 1) return null',
    replacement: 'if (!manifest) return null'
  }
]
