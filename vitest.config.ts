import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { answerOutput } from './test/workers/output-server.ts'

const isProof = process.env.LOGGIA_PROOF === '1'

/** They measure how long something takes, and mostly wait: they run apart from what keeps the processor busy. */
const clocks = ['test/e2e/delay.test.ts', 'test/e2e/live.test.ts']

/** Only `npm run proof` runs what takes long and needs the machine to itself. */
const proof = {
  test: {
    name: 'proof',
    include: ['test/proof/**/*.test.ts'],
    fileParallelism: false,
    sequence: { groupOrder: 5 }
  }
}

/** A boot of page and engine takes 3 s on a quiet machine, and a minute and more on a busy one. */
const patience = { testTimeout: 240_000, hookTimeout: 240_000, expect: { poll: { timeout: 120_000 } } }

export default defineConfig({
  test: {
    // A golden file that is missing is a failure; `npm test -- -u` writes it.
    update: 'none',
    projects: [
      {
        test: {
          name: 'node',
          maxWorkers: 2,
          // Starting an engine takes 0.3 s on a quiet machine, and 5 s on a busy one.
          testTimeout: 20_000,
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
            miniflare: { bindings: { LOGGIA_PASSWORD: 'correct horse' }, outboundService: answerOutput }
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
        // One file at a time leaves a third of two cores idle. Each worker has a server and a browser of its own (run.ts).
        test: {
          name: 'browser',
          maxWorkers: 2,
          include: ['test/e2e/**/*.test.ts'],
          exclude: clocks,
          globalSetup: 'test/e2e/run.ts',
          sequence: { groupOrder: 3 },
          ...patience
        }
      },
      {
        test: {
          name: 'clock',
          maxWorkers: 2,
          include: clocks,
          sequence: { groupOrder: 4 },
          ...patience
        }
      },
      ...(isProof ? [proof] : [])
    ]
  }
})
