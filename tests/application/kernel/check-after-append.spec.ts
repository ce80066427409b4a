import { describe, expect, it } from 'vitest';
import { checkAfterAppend } from '../../../src/application/kernel/check-after-append.ts';

/** Two streams of one value each: `other` changes during the append to `own`. */
const run = async (otherAfter: string, failing?: 'append' | 'readAgain') => {
  const steps: string[] = [];
  const step = async <Result>(name: string, result: Result): Promise<Result> => {
    steps.push(name);
    if (name === failing) throw new Error(name);
    return result;
  };
  const outcome = await checkAfterAppend({
    append: () => step('append', 'session'),
    readAgain: (stored) => step('readAgain', `${otherAfter} of ${stored}`),
    findContradiction: (current) => (current.startsWith('erased') ? 'erased' : undefined),
    compensate: async (contradiction, stored) => {
      steps.push(`end ${stored}: ${contradiction}`);
    },
  }).catch(({ message }: Error) => message);
  return { steps, outcome };
};

describe('a check after an append', () => {
  it('reads again only after the append, and does not compensate without a contradiction', async () => {
    expect(await run('active')).toStrictEqual({
      steps: ['append', 'readAgain'],
      outcome: { stored: 'session', current: 'active of session' },
    });
  });

  it('compensates when a change of the other stream contradicts the append', async () => {
    expect((await run('erased')).steps).toStrictEqual([
      'append',
      'readAgain',
      'end session: erased',
    ]);
  });

  it('does not read again when the append fails', async () => {
    expect(await run('erased', 'append')).toStrictEqual({ steps: ['append'], outcome: 'append' });
  });

  it('does not compensate when the other stream cannot be read', async () => {
    expect(await run('erased', 'readAgain')).toStrictEqual({
      steps: ['append', 'readAgain'],
      outcome: 'readAgain',
    });
  });

  it('refuses the caller when the compensation throws', async () => {
    const refused = checkAfterAppend({
      append: async () => 'session',
      readAgain: async () => 'erased',
      findContradiction: () => 'erased',
      compensate: () => Promise.reject(new Error('invalid_credentials')),
    });
    await expect(refused).rejects.toThrow('invalid_credentials');
  });
});
