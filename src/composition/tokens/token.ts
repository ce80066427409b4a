/** A container key that carries the type of its instance, so registration and resolution agree at compile time. */
declare const tokenType: unique symbol;
export type Token<T> = symbol & { readonly [tokenType]?: T };

export const token = <T>(name: string): Token<T> => Symbol(name) as unknown as Token<T>;
