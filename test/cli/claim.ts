import { claimFolder } from '../../cli/folder.ts'

// Claims a data folder for as long as it runs, and says what became of it.
try {
  claimFolder(process.argv[2]!, 'http://localhost:1')
  process.stdout.write('claimed')
} catch (error) {
  process.stdout.write((error as Error).message)
}
process.stdin.resume()
