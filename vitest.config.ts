import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const isProof = process.env.LOGGIA_PROOF === '1'

/** Only `npm run proof` runs what takes long and needs the machine to itself. */
const proof = {
  test: {
    name: 'proof',
    include: ['test/proof/**/*.test.ts'],
    fileParallelism: false,
    sequence: { groupOrder: 4 }
  }
}

export default defineConfig({
  test: {
    // A golden file that is missing is a failure; `npm test -- -u` writes it.
    update: 'none',
    projects: [
      {
        test: {
          name: 'node',
          maxWorkers: 2,
          include: ['test/**/*.test.ts'],
          exclude: ['test/workers/**', 'test/simulation/**', 'test/e2e/**', 'test/proof/**']
        }
      },
      {
        // Takes every core by itself.
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 }
        }
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: { LOGGIA_PASSWORD: 'correct horse' } }
          })
        ],
        test: {
          name: 'workerd',
          // Each file has a workerd of its own, which uses one core.
          maxWorkers: 2,
          include: ['test/workers/**/*.test.ts'],
          provide: { isProof },
          testTimeout: 30_000,
          sequence: { groupOrder: 1 }
        }
      },
      {
        // One browser and one server for all files, one file at a time: they share two cores.
        test: {
          name: 'browser',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/run.ts',
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          // A boot of page and engine takes 3 s on a quiet machine, and a minute and more on a busy one.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 120_000 } }
        }
      },
      ...(isProof ? [proof] : [])
    ]
  }
})
