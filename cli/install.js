// Installs the packages if package-lock.json is newer. JavaScript, because Node 20 can't run TypeScript.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

const timeOf = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
const isFresh = () => timeOf('node_modules/.package-lock.json') > timeOf('package-lock.json')

function installIfStale() {
  if (isFresh()) return
  const { status } = spawnSync('npm', ['ci'], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

async function installInTurn() {
  const { inTurn } = await import('./turn.ts')
  const { isServed, pageCopies } = await import('./page-copy.ts')
  await inTurn(() => {
    if (isFresh() || !isServed(pageCopies)) return installIfStale()
    console.error(
      'The packages are out of date, and installing them would end a server that runs from this checkout. Stop it first.'
    )
    process.exitCode = 1
  })
}

// Node 20 has no lock. It runs this file only before the first installation, which brings a newer Node.
const hasLock = process.getBuiltinModule?.('node:sqlite') && process.features.typescript
if (!isFresh()) await (hasLock ? installInTurn() : installIfStale())
