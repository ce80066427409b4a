type Environment = Readonly<Record<string, string>>;

const served = new Map<string, Environment>();

/** From here on the database is one that a server of this journey had. */
export const rememberServed = (environment: Environment): void => {
  const { DATABASE_URL, LATCHKEY_MASTER_KEY } = environment;
  if (DATABASE_URL !== undefined && LATCHKEY_MASTER_KEY !== undefined) {
    served.set(DATABASE_URL, environment);
  }
};

/** How a server of it was told to run; once. For a journey that leaves it as no server would: to forget it. */
export const takeServed = (connectionString: string): Environment | undefined => {
  const environment = served.get(connectionString);
  served.delete(connectionString);
  return environment;
};
