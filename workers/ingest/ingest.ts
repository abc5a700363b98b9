import { routesOf } from './receive.ts'

/** Takes any batch, and answers with its counts. */
export const ingest = routesOf({ answer: (c, { reply }) => c.json(reply) })
