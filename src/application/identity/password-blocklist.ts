/** Common passwords, which attackers try first; compared without regard to case. */
export type PasswordBlocklist = Readonly<{ holds(password: string): boolean }>;
