// Owns how the browser tests run: the system's Chromium, one worker, no second tries.
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // Machines that check this have two cores, and the server and the browser want one each.
  workers: 1,
  // A test that passes at the second try is a test that fails.
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/results.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env.STUDYHALL_CHROMIUM ?? '/usr/bin/chromium',
      // Without a sandbox because containers and root have none; the rest keeps the browser off the network.
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})
