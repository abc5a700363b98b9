import { takeSigned } from '#lib/accept/signed.ts'
import { botByName } from '#lib/enrich/bots.ts'
import type { SignerOf } from '#lib/enrich/signature.ts'
import type { Enrichment } from '#lib/schema/hit.ts'
import type { LogColumns } from './log-row.ts'

/** A hit that has a signature: its place in the log, and what to check. */
interface SignedHit {
  place: number
  signed: Parameters<SignerOf>[0]
  request: Parameters<SignerOf>[1]
}

/** Takes the signatures that hits have out of a log: no part keeps them. */
export function takeSignatures(log: LogColumns): SignedHit[] {
  const { time, host, method, path } = log as Record<'time' | 'host' | 'method' | 'path', unknown[]>
  const extras = (log.extra ?? []) as (string | null)[]
  const found: SignedHit[] = []
  for (const [place, extra] of extras.entries()) {
    const taken = takeSigned(extra)
    if (taken === null) continue
    extras[place] = taken.extra
    const request = {
      time: time[place] as number,
      host: host[place] as string | null,
      method: method[place] as string | null,
      path: path[place] as string | null
    }
    found.push({ place, signed: taken.signed, request })
  }
  return found
}

/** Tells of the hits whose signatures are right who has signed them. */
export async function checkSignatures(
  hits: readonly SignedHit[],
  enriched: Enrichment[],
  signerOf: SignerOf | undefined
): Promise<void> {
  for (const { place, signed, request } of hits) {
    const signer = await signerOf?.(signed, request)
    if (signer) enriched[place] = { ...enriched[place]!, ...signedBy(signer.name, enriched[place]!) }
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
