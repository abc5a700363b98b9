import { answer, note } from '#lib/engine/remote.ts'
import { sniff, unpack } from '#lib/local/file.ts'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { Receiver, type Sender } from './receiver.ts'
import { upload } from './upload.ts'
import type { Hash } from './walk.ts'

/** To the worker that sends: files, and where they go. */
export interface UploadOrder {
  files: readonly File[]
  site: string
  token: string
}

/** How far an upload is. Bytes are those of the files as they lie; `spent` is in ms. */
export interface Upload {
  bytes: number
  size: number
  accepted: number
  duplicate: number
  rejected: number
  /** Messages of some refusals. */
  reasons: string[]
  spent: number
  /** Why it waits, while the Worker takes nothing. */
  waiting: string | null
}

/** What it does. Notes are how far it is. */
export interface UploadCalls {
  send(order: UploadOrder): Promise<void>
}

const mostReasons = 3
/** Ms that a Worker may be away. */
const patience = 300_000

const page: Sender = {
  encoding: 'gzip',
  compress: gzip,
  advise: () => undefined,
  resume: 'Send the file again. Stored lines don’t count twice.'
}

answer<UploadCalls>({ send })

async function send({ files, site, token }: UploadOrder): Promise<void> {
  const start = performance.now()
  const size = files.reduce((sum, file) => sum + file.size, 0)
  const state: Upload = {
    ...{ bytes: 0, size, accepted: 0, duplicate: 0, rejected: 0 },
    ...{ reasons: [], spent: 0, waiting: null }
  }
  const change = (changes: Partial<Upload>) => {
    Object.assign(state, changes, { spent: performance.now() - start })
    note({ ...state })
  }
  const receiver = new Receiver({ url: location.origin, token, site }, page, {
    patience,
    onWait: (waiting) => change({ waiting })
  })
  for (const file of files) {
    try {
      await sendFile(file, receiver, state, change)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw new Error(`${file.name}: ${message}`, { cause: error })
    }
  }
  change({})
}

async function sendFile(
  file: File,
  receiver: Receiver,
  state: Upload,
  change: (changes: Partial<Upload>) => void
): Promise<void> {
  const format = sniff(new Uint8Array(await file.slice(0, 4_096).arrayBuffer()))
  if (format === 'parquet') throw new Error('this is a Parquet file. Send the log that it was made of.')
  const bytes = unpack(file, format, (count) => change({ bytes: state.bytes + count }))
  const { damage } = await upload(bytes, receiver, createHash, ({ accepted, duplicate, rejected, errors }) =>
    change({
      accepted: state.accepted + accepted,
      duplicate: state.duplicate + duplicate,
      rejected: state.rejected + rejected,
      reasons: [...new Set([...state.reasons, ...errors.map(({ message }) => message)])].slice(
        0,
        mostReasons
      ),
      waiting: null
    })
  )
  if (damage) throw new Error(`it is damaged: ${damage.message}. The text before that was sent.`)
}

const createHash = (hash = sha256.create()): Hash => ({
  update: (bytes) => void hash.update(bytes),
  copy: () => createHash(hash.clone()),
  digest: () => bytesToHex(hash.digest())
})

async function gzip(body: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([new Uint8Array(body)]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}
