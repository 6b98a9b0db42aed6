/**
 * Browser tests in the system's Chromium: the report is opened from disk, the dashboard is served by the
 * real binary, which `PERENNIAL_BIN` names.
 */
import { defineConfig } from '@playwright/test';

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  // Containers have little shared memory.
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/run',
  timeout: 90_000,
  // A machine that does other things besides is no fault of the page.
  expect: { timeout: 30_000 },
  workers: 1,
  projects: [
    { name: 'report', testMatch: 'report.spec.ts' },
    { name: 'dashboard', testMatch: 'app/*.spec.ts' },
  ],
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env.PERENNIAL_CHROMIUM ?? '/usr/bin/chromium',
      args: CHROMIUM_ARGS,
    },
  },
});
