import { dumpText, insertRows, type Row } from './dump-text.ts';
import { LEDGER_CONSTRAINTS, LEDGER_SCHEMA } from './ledger-schema.ts';

/** An older system that knew its two people by address alone, and keeps books for both. */
export const LEDGER_USERS = {
  vera: 'user_01hv3q8m5keek9t0n6c0z4x7pa',
  walt: 'user_01hv3q9x2bf5x8m4ry7w1d6gqe',
} as const;

const { vera, walt } = LEDGER_USERS;

const madeAt = (day: number): string =>
  `2026-01-${String(day).padStart(2, '0')} 09:15:${String(day).padStart(2, '0')}.48213+00`;

const users: readonly Row[] = [
  { id: walt, email: 'Walt.Berger@example.org', created_at: madeAt(3), updated_at: madeAt(9) },
  { id: vera, email: 'vera@example.com', created_at: madeAt(2), updated_at: madeAt(2) },
];

const accounts: readonly Row[] = [
  ['acc_05', walt, 'Wallet', 'cash', 'EUR'],
  ['acc_01', vera, 'Giro', 'checking', 'EUR'],
  ['acc_02', vera, 'Rainy days', 'savings', 'EUR'],
  ['acc_04', walt, "Walt's giro", 'checking', 'EUR'],
  ['acc_03', vera, 'Card', 'credit_card', 'CHF'],
].map(([id = '', user_id = '', name = '', account_type = '', currency = ''], index) => {
  const created_at = madeAt(4 + index);
  return { id, user_id, name, account_type, currency, created_at, updated_at: created_at };
});

const categories: readonly Row[] = [
  ['cat_01', vera, 'Food', 'expense', null],
  ['cat_02', vera, 'Groceries', 'expense', 'cat_01'],
  ['cat_03', vera, 'Eating out', 'expense', 'cat_01'],
  ['cat_04', vera, 'Salary', 'income', null],
  ['cat_05', vera, 'Rent', 'expense', null],
  ['cat_11', walt, 'Books', 'expense', null],
  ['cat_06', vera, 'Travel', 'expense', null],
  ['cat_07', walt, 'Salary', 'income', null],
  ['cat_08', walt, 'Household', 'expense', null],
  ['cat_09', walt, 'Repairs', 'expense', 'cat_08'],
  ['cat_10', walt, 'Garden', 'expense', 'cat_08'],
].map(([id = '', user_id = '', name = '', kind = '', parent_id = null]) => ({
  id,
  user_id,
  name,
  kind,
  parent_id,
  created_at: madeAt(5),
}));

const payees: readonly Row[] = [
  ['payee_03', vera, 'Landlord'],
  ['payee_01', vera, 'Corner shop'],
  ['payee_02', vera, 'Employer Ltd.'],
  ['payee_05', walt, 'Bookshop "Zur Eule"'],
  ['payee_04', walt, 'Corner shop'],
].map(([id = '', user_id = '', name = '']) => ({ id, user_id, name, created_at: madeAt(5) }));

/** Account, cents, category and payee of the twenty-one transactions. */
const BOOKED: readonly (readonly [string, number, string | null, string | null])[] = [
  ['acc_01', 245_000, 'cat_04', 'payee_02'],
  ['acc_01', -89_000, 'cat_05', 'payee_03'],
  ['acc_01', -2_315, 'cat_02', 'payee_01'],
  ['acc_01', -50_000, null, null],
  ['acc_02', 50_000, null, null],
  ['acc_03', -12_990, 'cat_06', null],
  ['acc_03', -3_450, 'cat_03', null],
  ['acc_04', 198_000, 'cat_07', null],
  ['acc_04', -20_000, null, null],
  ['acc_05', 20_000, null, null],
  ['acc_05', -1_999, 'cat_11', 'payee_05'],
  ['acc_05', -845, 'cat_08', 'payee_04'],
  ['acc_04', -15_400, 'cat_09', null],
  ['acc_04', -6_730, 'cat_10', null],
  ['acc_01', -1_870, 'cat_02', 'payee_01'],
  ['acc_01', -2_640, 'cat_02', 'payee_01'],
  ['acc_01', -4_200, 'cat_03', null],
  ['acc_02', 125, null, null],
  ['acc_04', -2_450, 'cat_11', 'payee_05'],
  ['acc_05', -310, 'cat_08', 'payee_04'],
  ['acc_01', -995, 'cat_02', 'payee_01'],
];

const ownerOf = (account: string): string => (account < 'acc_04' ? vera : walt);

/** Not in the order of their ids: rows that were updated lie behind those that were not. */
const transactions: readonly Row[] = BOOKED.map(
  ([account_id, amount, category_id, payee_id], n) => ({
    id: `txn_${String(n + 1).padStart(4, '0')}`,
    user_id: ownerOf(account_id),
    account_id,
    amount,
    occurred_on: `2026-01-${String(8 + n).padStart(2, '0')}`,
    category_id,
    payee_id,
    memo: n % 4 === 0 ? `line ${n + 1}: "it's booked"` : null,
    created_at: `2026-02-01 18:00:${String(n).padStart(2, '0')}.${100_001 + n}+00`,
  }),
).sort((a, b) => ((a.amount * 7) % 11) - ((b.amount * 7) % 11));

export const LEDGER_ROWS = { accounts: 5, transactions: 21, categories: 11, payees: 5 } as const;

export const ledgerDump = (): string =>
  dumpText(
    LEDGER_SCHEMA,
    insertRows('alembic_version', [{ version_num: '005' }]),
    insertRows('users', users),
    insertRows('accounts', accounts),
    insertRows('categories', categories),
    insertRows('payees', payees),
    insertRows('transactions', transactions),
    LEDGER_CONSTRAINTS,
  );
