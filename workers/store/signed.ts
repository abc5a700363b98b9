import { takeSigned } from '#lib/accept/signed.ts'
import { botByName } from '#lib/enrich/bots.ts'
import type { SignerOf } from '#lib/enrich/signature.ts'
import type { Enrichment } from '#lib/schema/hit.ts'
import type { LogColumns } from './log-row.ts'

/** Checks the signatures that hits of a log have, and takes them out of it: no part keeps them. */
export async function checkSigned(
  log: LogColumns,
  enriched: Enrichment[],
  signerOf: SignerOf | undefined
): Promise<void> {
  const { time, host, method, path } = log as Record<'time' | 'host' | 'method' | 'path', unknown[]>
  const extras = log.extra as (string | null)[]
  for (const [i, extra] of extras.entries()) {
    const taken = takeSigned(extra)
    if (taken === null) continue
    extras[i] = taken.extra
    const request = {
      time: time[i] as number,
      host: host[i] as string | null,
      method: method[i] as string | null,
      path: path[i] as string | null
    }
    const signer = await signerOf?.(taken.signed, request)
    if (signer) enriched[i] = { ...enriched[i]!, ...signedBy(signer.name, enriched[i]!) }
  }
}

/** A bot that has signed is one, whatever browser it says to be. */
function signedBy(name: string, { is_bot }: Enrichment): Partial<Enrichment> {
  if (is_bot) return { bot_proof: 'signed' }
  return {
    is_bot: true,
    bot_name: name,
    bot_purpose: botByName(name)?.purpose ?? 'other',
    bot_proof: 'signed'
  }
}
