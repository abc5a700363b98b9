import { createHash, type Hash as NodeHash } from 'node:crypto'
import type { Hash } from '../../src/lib/push/walk.ts'

/** Node's SHA-256. */
export const sha256 = (hash: NodeHash = createHash('sha256')): Hash => ({
  update: (bytes) => void hash.update(bytes),
  copy: () => sha256(hash.copy()),
  digest: () => hash.digest('hex')
})
