import { describe, expect, it } from 'vitest'
import { planCompactions, type Candidate } from '../../workers/store/compaction-plan.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')

function part(i: number, rows: number, day = '2026-11-21', since = noon - 3 * 3_600_000): Candidate {
  return { id: `p${i}`, day, rows, since, revision: 0, step: 'compact', ranges: [{ from: i, to: i + 1 }] }
}

const plan = (sizes: number[], day?: string, since?: number, fanIn?: number) =>
  planCompactions(
    sizes.map((rows, i) => part(i, rows, day, since)),
    noon,
    fanIn
  ).map((compaction) => compaction.parents.map((parent) => parent.rows))

const yesterday = '2026-11-20'

describe('planCompactions', () => {
  it.each([
    ['waits for eight parts of a size in a running day', Array(7).fill(1_000), undefined, []],
    ['merges eight parts of a size', Array(9).fill(1_000), undefined, [Array(8).fill(1_000)]],
    ['does not mix sizes in a running day', [...Array(7).fill(1_000), 50_000], undefined, []],
    ['merges all of a finished day', [5, 60_000, 16_000], yesterday, [[5, 60_000, 16_000]]],
    ['leaves one part alone', [5], yesterday, []],
    ['fills parts to 480,000 rows', [200_000, 200_000, 200_000], yesterday, [[200_000, 200_000]]],
    ['leaves full parts alone', [300_000, 400_000, 10], yesterday, []]
  ])('%s', (_, sizes, day, wanted) => {
    expect(plan(sizes, day)).toEqual(wanted)
  })

  it('waits with late rows of a finished day while they trickle in', () => {
    expect(plan([200_000, 10], yesterday, noon - 60_000)).toEqual([])
    expect(plan([200_000, 10], yesterday, noon - 3 * 3_600_000)).toEqual([[200_000, 10]])
  })

  it('packs what a flush wrote alone for a finished day, once', () => {
    const alone = part(0, 5_000, yesterday)
    const parentsOf = (candidate: Candidate) =>
      planCompactions([candidate], noon).map(({ parents }) => parents)
    expect(parentsOf({ ...alone, step: 'flush' })).toEqual([[{ ...alone, step: 'flush' }]])
    expect(parentsOf(alone)).toEqual([])
    expect(parentsOf({ ...alone, step: 'flush', rows: 999 })).toEqual([])
  })

  it('waits for 32 parts while somebody watches', () => {
    expect(plan(Array(31).fill(10), undefined, undefined, 32)).toEqual([])
    expect(plan(Array(32).fill(10), undefined, undefined, 32)).toEqual([Array(32).fill(10)])
  })
})
