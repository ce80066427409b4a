import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  chromium as launcher,
  type Page,
} from 'playwright-core';

const INSTALLED = '/usr/bin/chromium';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

const executable = async (): Promise<string> => {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH !== undefined) return CHROMIUM_PATH;
  return existsSync(INSTALLED) ? INSTALLED : chromium.executablePath();
};

/** A real browser without a window: the one that is installed, or the one that came with the tests. */
export const launchBrowser = async (): Promise<Browser> =>
  launcher.launch({ executablePath: await executable(), args: ARGUMENTS });

export type Violation = Readonly<{ rule: string; target: string; why: string }>;

/** What axe finds wrong with a page, by every rule it has for WCAG 2.2 A and AA and for good practice. */
export const violationsIn = async (page: Page): Promise<readonly Violation[]> => {
  // The page's own policy lets no script in; what the browser itself evaluates is not bound by it.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      rules: { 'target-size': { enabled: true } },
    } as Parameters<typeof axe.run>[0]),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => ({
      rule: id,
      target: target.join(' '),
      why: failureSummary,
    })),
  );
};

/** Whether the page is wider than its window: something of it would have to be looked for. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

/** Without its access token: it has expired, and the browser let go of it. */
export const expireAccessCookie = (context: BrowserContext): Promise<void> =>
  context.clearCookies({ name: /latchkey_access$/ });
