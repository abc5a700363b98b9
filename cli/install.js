// Installs the packages where they are older than their list. JavaScript, since the Node that npm brings may read no other.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

const timeOf = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
const isFresh = () => timeOf('node_modules/.package-lock.json') > timeOf('package-lock.json')

function installIfStale() {
  if (isFresh()) return
  const { status } = spawnSync('npm', ['ci', '--loglevel', 'error'], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

if (!isFresh()) {
  // An older Node has no lock; it runs only where no package is there yet.
  const turn = await import('./turn.ts').catch(() => null)
  await (turn ? turn.inTurn(installIfStale) : installIfStale())
}
