import { runQuietly } from '../../cli/process.ts'

// Runs a command for as long as the command takes.
await runQuietly(process.argv[2]!, process.argv.slice(3))
