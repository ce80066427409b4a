import type { ErrorCode } from '../problems/problem-details.ts';
import type { PageRefusal } from './languages/page-language.ts';

const REFUSALS: Readonly<Partial<Record<ErrorCode, PageRefusal>>> = {
  password_too_short: 'password_too_short',
  password_too_long: 'password_too_long',
  password_too_common: 'password_too_common',
  display_name_invalid: 'display_name_invalid',
  household_full: 'household_full',
  email_not_verified: 'email_not_verified',
  rate_limited: 'rate_limited',
  server_busy: 'unavailable',
  service_unavailable: 'unavailable',
};

/** Maps an error code to the text that a page shows for it. */
export const refusalFor = (code: ErrorCode): PageRefusal => REFUSALS[code] ?? 'failed';
