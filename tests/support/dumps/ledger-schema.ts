/** What pg_dump writes before the rows. */
export const LEDGER_SCHEMA = `
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

/** And after them. */
export const LEDGER_CONSTRAINTS = `
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
