import type { Cell } from '#lib/engine/connection.ts'
import type { ResultColumn } from './column.ts'
import { parquetOf } from './parquet.ts'

export interface Order {
  columns: readonly ResultColumn[]
  rows: readonly Cell[][]
}

export type Reply = { bytes: Uint8Array<ArrayBuffer> } | { error: string }

const tell = (reply: Reply) => postMessage(reply)

addEventListener('message', async ({ data: { columns, rows } }: MessageEvent<Order>) => {
  try {
    tell({ bytes: await parquetOf(columns, rows) })
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) })
  }
})
