type Environment = Readonly<Record<string, string>>;

const served = new Map<string, Environment>();

/** Records that a server of this journey uses the database. */
export const rememberServed = (environment: Environment): void => {
  const { DATABASE_URL, LATCHKEY_MASTER_KEY } = environment;
  if (DATABASE_URL !== undefined && LATCHKEY_MASTER_KEY !== undefined) {
    served.set(DATABASE_URL, environment);
  }
};

/**
 * Returns and removes the environment of the last server of a database. A journey that damages its
 * database on purpose removes it, so that no drift is checked.
 */
export const takeServed = (connectionString: string): Environment | undefined => {
  const environment = served.get(connectionString);
  served.delete(connectionString);
  return environment;
};
