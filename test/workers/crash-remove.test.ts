import { crashIn, day, hour, pass } from './crash.ts'

crashIn([
  {
    name: 'erase',
    prepare: async (site) => {
      await site.post(0, 12)
      await site.settle()
      await site.post(12, 12)
      await site.buffer.erase({ by: 'path', value: `/${site.from + 3}` })
      site.gone.add(site.from + 3)
    },
    attempt: (site) => site.ring(),
    isLong: true,
    hasManyPoints: true
  },
  {
    name: 'retention and collection',
    prepare: async (site) => {
      await site.buffer.retain(null)
      await site.post(0, 12, 3 * day)
      await site.post(12, 12)
      await site.settle()
      for (const line of site.acknowledged) if (line < site.from + 12) site.gone.add(line)
      await site.buffer.retain(2)
      await site.ring()
      pass(25 * hour)
    },
    attempt: (site) => site.ring()
  }
])
