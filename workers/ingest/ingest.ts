import { statusOfRefused } from './kinds.ts'
import { routesOf } from './receive.ts'

/** Takes any batch, and answers with its counts. */
export const ingest = routesOf({
  answer: (c, { reply }) => {
    const isRefused = reply.status === 'rejected'
    const { 'user-agent': agent, prefer } = c.req.header()
    return c.json(reply, isRefused ? statusOfRefused(agent, prefer) : 200)
  }
})
