import { tokens } from '../../../src/composition/system-tokens.ts';
import { eventually } from '../kernel/eventually.ts';
import type { ComposedSystem } from './composed-system.ts';

type ReceivedMail = Readonly<{ to: string; subject: string; text: string; html: string }>;

/** Opens the development inbox of a system in this process, and starts the policy that fills it. */
export type Mailbox = Readonly<{
  /** All mails, the oldest first. */
  mailsTo(address: string): Promise<readonly ReceivedMail[]>;
  /** Waits for the `count`-th mail to the address and answers the token in its link. */
  tokenTo(address: string, count?: number): Promise<string>;
  stop(): Promise<void>;
}>;

export const tokenIn = (text: string): string => {
  const [, token] = /[?&]token=([A-Za-z0-9_-]+)/.exec(text) ?? [];
  if (token === undefined) throw new TypeError('the mail holds no token');
  return token;
};

export const openMailbox = ({ get }: Pick<ComposedSystem, 'get'>): Mailbox => {
  const outbox = get(tokens.developmentOutbox);
  if (outbox === undefined) throw new TypeError('this system really sends mails');
  const runner = get(tokens.runAlone)('mail', get(tokens.sendAccountMails));
  const mailsTo = async (address: string) =>
    (await outbox.list()).filter(({ to }) => to === address);
  return {
    mailsTo,
    tokenTo: async (address, count = 1) => {
      let text: string | undefined;
      await eventually(async () => {
        text = (await mailsTo(address))[count - 1]?.text;
        return text !== undefined;
      }, `mail ${count} to the address`);
      return tokenIn(text ?? '');
    },
    stop: runner.stop,
  };
};
