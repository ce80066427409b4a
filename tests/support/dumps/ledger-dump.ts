import { dumpText, insertRows, type Row } from './dump-text.ts';

/** An older system that knew its two people by address alone, and keeps books for both. */
export const LEDGER_USERS = {
  vera: 'user_01hv3q8m5keek9t0n6c0z4x7pa',
  walt: 'user_01hv3q9x2bf5x8m4ry7w1d6gqe',
} as const;

const SCHEMA = `
CREATE TYPE public.account_type AS ENUM (
    'checking',
    'savings',
    'cash',
    'credit_card'
);

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.users (
    id character varying(40) NOT NULL,
    email character varying(320) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.users IS 'Sign-in comes with phase 4';

CREATE TABLE public.accounts (
    id character varying(40) NOT NULL,
    user_id character varying(40) NOT NULL,
    name character varying(100) NOT NULL,
    account_type public.account_type DEFAULT 'checking'::public.account_type NOT NULL,
    currency character(3) DEFAULT 'EUR'::bpchar NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.categories (
    id character varying(40) NOT NULL,
    user_id character varying(40) NOT NULL,
    name character varying(100) NOT NULL,
    kind character varying(10) DEFAULT 'expense'::character varying NOT NULL,
    parent_id character varying(40),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ck_categories_kind CHECK (((kind)::text = ANY ((ARRAY['income'::character varying, 'expense'::character varying])::text[])))
);

CREATE TABLE public.payees (
    id character varying(40) NOT NULL,
    user_id character varying(40) NOT NULL,
    name character varying(200) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.transactions (
    id character varying(40) NOT NULL,
    user_id character varying(40) NOT NULL,
    account_id character varying(40) NOT NULL,
    amount bigint NOT NULL,
    occurred_on date NOT NULL,
    category_id character varying(40),
    payee_id character varying(40),
    memo character varying(500),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ck_transactions_amount CHECK ((amount <> 0))
);

COMMENT ON COLUMN public.transactions.amount IS 'Cents; negative for what was spent';

CREATE VIEW public.account_balances AS
 SELECT accounts.id AS account_id,
    accounts.user_id,
    COALESCE(sum(transactions.amount), (0)::numeric) AS balance
   FROM (public.accounts
     LEFT JOIN public.transactions ON (((transactions.account_id)::text = (accounts.id)::text)))
  GROUP BY accounts.id, accounts.user_id;
`;

const CONSTRAINTS = `
ALTER TABLE ONLY public.alembic_version ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_email_key UNIQUE (email);
ALTER TABLE ONLY public.accounts ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.categories ADD CONSTRAINT categories_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payees ADD CONSTRAINT payees_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payees ADD CONSTRAINT uq_payees_user_name UNIQUE (user_id, name);
ALTER TABLE ONLY public.transactions ADD CONSTRAINT transactions_pkey PRIMARY KEY (id);

CREATE INDEX ix_accounts_user_id ON public.accounts USING btree (user_id);
CREATE INDEX ix_categories_user_id ON public.categories USING btree (user_id);
CREATE INDEX ix_transactions_account_occurred ON public.transactions USING btree (account_id, occurred_on DESC);
CREATE INDEX ix_transactions_uncategorised ON public.transactions USING btree (user_id) WHERE (category_id IS NULL);
ALTER TABLE public.transactions CLUSTER ON ix_transactions_account_occurred;

ALTER TABLE ONLY public.accounts ADD CONSTRAINT accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.categories ADD CONSTRAINT categories_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.categories ADD CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.categories(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.payees ADD CONSTRAINT payees_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.transactions ADD CONSTRAINT transactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.transactions ADD CONSTRAINT transactions_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.transactions ADD CONSTRAINT transactions_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.categories(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.transactions ADD CONSTRAINT transactions_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES public.payees(id) ON DELETE SET NULL;
`;

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
    SCHEMA,
    insertRows('alembic_version', [{ version_num: '005' }]),
    insertRows('users', users),
    insertRows('accounts', accounts),
    insertRows('categories', categories),
    insertRows('payees', payees),
    insertRows('transactions', transactions),
    CONSTRAINTS,
  );
