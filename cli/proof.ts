import { fail } from './process.ts'
import { test } from './test.ts'

/** Everything that `npm test` proves, with larger numbers (test/amounts.ts), and what lies in test/proof/. */
await test(process.argv.slice(2), { LOGGIA_PROOF: '1' }).catch(fail)
