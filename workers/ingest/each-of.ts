/**
 * What `work` returns for each item, in order, with at most `most` at work at the same time. Every item gets its turn,
 * though others fail; the first failure is thrown at the end.
 */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>
): Promise<Result[]> {
  const results: PromiseSettledResult<Result>[] = []
  let next = 0
  async function worker() {
    for (let i = next++; i < items.length; i = next++)
      results[i] = (await Promise.allSettled([work(items[i]!)]))[0]
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
