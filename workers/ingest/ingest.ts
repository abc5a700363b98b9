import { routesOf } from './receive.ts'

/** Takes any batch, and answers with its counts. */
export const ingest = routesOf({
  answer: (c, { reply }) => {
    const { 'user-agent': agent, prefer } = c.req.header()
    return c.json(reply, reply.status === 'rejected' ? statusOfRefused(agent, prefer) : 200)
  }
})

/** Programs that a person runs at a terminal. */
const terminals = /^(?:curl|Wget|HTTPie|xh|PowerShell)\/|WindowsPowerShell\//i

/**
 * The status for a batch of which every record is refused. Forwarders get 200: some resend a refused batch forever. A
 * person at a terminal gets 422, so that `curl --fail` fails. `Prefer: handling=strict` asks for 422, `handling=lenient`
 * for 200 (RFC 7240).
 */
function statusOfRefused(agent: string | undefined, prefer: string | undefined): 200 | 422 {
  const handling = /\bhandling\s*=\s*"?(strict|lenient)/i.exec(prefer ?? '')?.[1]?.toLowerCase()
  if (handling !== undefined) return handling === 'strict' ? 422 : 200
  return terminals.test(agent ?? '') ? 422 : 200
}
