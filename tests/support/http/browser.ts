import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import axe, { type AxeResults } from 'axe-core';
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

/** Launches a headless browser: the installed one, or the one that came with the tests. */
export const launchBrowser = async (): Promise<Browser> =>
  launcher.launch({ executablePath: await executable(), args: ARGUMENTS });

export type Violation = Readonly<{ rule: string; target: string; why: string }>;

type AxeOptions = Readonly<{ rules?: object; runOnly?: readonly string[] }>;

const EVERYTHING: AxeOptions = { rules: { 'target-size': { enabled: true } } };
const COLOURS: AxeOptions = { runOnly: ['color-contrast'] };

/** The accessibility violations that axe finds on a page, by all rules or only those on colours. */
export const violationsIn = async (
  page: Page,
  about: 'everything' | 'colours',
): Promise<readonly Violation[]> => {
  // The page's policy forbids scripts, but does not apply to what the browser evaluates itself.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const options = JSON.stringify(about === 'everything' ? EVERYTHING : COLOURS);
  const { violations } = (await page.evaluate(`axe.run(${options})`)) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => ({
      rule: id,
      target: target.join(' '),
      why: failureSummary,
    })),
  );
};

/** Tells whether the page is wider than its window. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

/** Removes the access cookie, as the browser does at its expiry. */
export const expireAccessCookie = (context: BrowserContext): Promise<void> =>
  context.clearCookies({ name: /latchkey_access$/ });
