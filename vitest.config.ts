import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// CI shares its machine: a test that was starved once is asked again, and the report says so.
const retry = process.env['CI'] ? 1 : 0

const database = { globalSetup: ['test/support/database-server.ts'], testTimeout: 20_000, hookTimeout: 60_000, retry }

export default defineConfig({
  test: {
    // Most tests wait for something; by default one core of two would stay unused.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { test: { name: 'rules', include: ['test/*.test.ts'] } },
      // Properties of many runs take seconds where the machine does something else as well.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'web/**/*.test.ts'], testTimeout: 20_000, retry } },
      { test: { name: 'channels', include: ['test/channels/**/*.test.ts'], ...database } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...database } },
      // Real mail servers: root, and Debian's dovecot-imapd, dovecot-lmtpd and postfix; one test needs chromium and the build.
      {
        test: {
          name: 'mail',
          include: ['test/mail/**/*.test.ts'],
          ...database,
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          ...database,
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
