/** Where the working copy lives: a file that is there at the next visit, or memory. */
export type Storage = 'opfs' | 'memory'

/** One step of opening or syncing. `total` is 0 where it is not known. */
export interface Progress {
  step: 'download' | 'start' | 'open' | 'manifest' | 'fetch' | 'load'
  unit: 'bytes' | 'rows' | 'parts' | 'steps'
  done: number
  total: number
}

export type OnProgress = (progress: Progress) => void
