/** Passwords that are tried first because so many people have them. Case does not matter. */
export type PasswordBlocklist = Readonly<{ holds(password: string): boolean }>;
