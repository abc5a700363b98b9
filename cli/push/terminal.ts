import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import type { Sender } from '../../src/lib/push/receiver.ts'
import { advise } from './advice.ts'

/** Sends from a terminal. */
export const terminal: Sender = {
  encoding: 'zstd',
  compress: promisify(zstdCompress),
  advise,
  resume: 'Then run the same command again: it continues where it stopped.'
}
