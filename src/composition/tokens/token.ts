declare const tokenType: unique symbol;
/** A key with the type of its instance: the compiler checks registration and resolution. */
export type Token<T> = symbol & { readonly [tokenType]?: T };

export const token = <T>(name: string): Token<T> => Symbol(name) as unknown as Token<T>;
