import { crashIn, day, hour, minute, pass } from './crash.ts'

crashIn([
  {
    name: 'append',
    prepare: async () => {},
    attempt: (site) => site.post(0, 12),
    again: (site) => site.post(0, 12)
  },
  {
    name: 'append, cut anew after',
    prepare: (site) => site.post(0, 12, 0, false),
    attempt: (site) => site.post(12, 8, 0, false),
    again: async (site) => {
      await site.post(9, 5, 0, false)
      await site.post(14, 9, 0, false)
    }
  },
  {
    name: 'append of what is in parts',
    prepare: async (site) => {
      await site.post(0, 12)
      await site.settle()
    },
    attempt: (site) => site.post(6, 12),
    again: (site) => site.post(6, 12)
  },
  {
    name: 'flush of two days',
    prepare: async (site) => {
      await site.post(0, 12)
      await site.post(12, 12, day)
      pass(2 * minute)
    },
    attempt: (site) => site.ring(),
    hasManyPoints: true
  },
  {
    name: 'compaction of a finished day',
    prepare: async (site) => {
      for (const first of [0, 12]) {
        await site.post(first, 12)
        await site.settle()
      }
      pass(30 * hour)
    },
    attempt: (site) => site.ring(),
    hasManyPoints: true
  }
])
