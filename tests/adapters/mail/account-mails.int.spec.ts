import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compose } from '../../../src/composition/composition-root.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { readConfig } from '../../../src/configuration/config.ts';
import { newAccount } from '../../support/identity/new-account.ts';
import { eventually } from '../../support/kernel/eventually.ts';
import { type SmtpInbox, startSmtpInbox } from '../../support/mail/smtp-inbox.ts';
import { allTables, visitor } from '../../support/servers/composed-system.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

let scratch: TestDatabase;
let inbox: SmtpInbox;
let masterKey: string;
let lines: string[];
const closes: (() => Promise<void>)[] = [];

beforeEach(async () => {
  scratch = await createTestDatabase();
  inbox = await startSmtpInbox();
  masterKey = randomBytes(32).toString('base64');
  lines = [];
});
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
  await inbox.close();
  await scratch.drop();
});

/** One process with its log lines. */
const startProcess = async () => {
  const config = readConfig({
    DATABASE_URL: scratch.connectionString,
    LATCHKEY_MASTER_KEY: masterKey,
    LATCHKEY_PASSWORD_WORKERS: '1',
    SMTP_URL: inbox.url,
  });
  const { connectionString } = scratch;
  const { masterKeys } = config;
  if (masterKeys === undefined) throw new TypeError('the environment has a master key');
  const log = (line: string) => void lines.push(line);
  const get = await compose(config, { connectionString, masterKeys, log });
  let stopMail = async () => undefined;
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    await stopMail();
    get(tokens.smtpMailer)?.close();
    await get(tokens.database).close();
  };
  closes.push(close);
  return {
    get,
    close,
    startMail: () => {
      const runner = get(tokens.runAlone)('mail', get(tokens.sendAccountMails));
      stopMail = async () => void (await runner.stop());
    },
  };
};

type Process = Awaited<ReturnType<typeof startProcess>>;

/** Signs up a user. @returns the address */
const signUp = async ({ get }: Process): Promise<string> => {
  const { input, emailAddress } = newAccount();
  await get(tokens.createAccount)(input, 'pending', visitor);
  return emailAddress;
};

const askForReset = ({ get }: Process, email: string) =>
  get(tokens.mailRequests).requestPasswordReset(email, visitor);

const received = () => inbox.messages().flatMap(({ envelope }) => envelope.to);

const untilReceived = (count: number) =>
  eventually(() => received().length >= count, `${count} mails`);

const untilNothingWaits = ({ get }: Process) =>
  eventually(async () => (await get(tokens.mailQueue).countWaiting()) === 0, 'nothing waits');

const untilAllFailed = ({ get }: Process, count: number) =>
  eventually(async () => {
    const waiting = await get(tokens.database).query({
      text: 'SELECT FROM mail_queue WHERE attempts > 0',
    });
    return waiting.length === count;
  }, 'every mail was tried in vain');

describe('the mails of an account after a rebuild of the projections', () => {
  it('are not sent again', async () => {
    const process = await startProcess();
    process.startMail();
    const address = await signUp(process);
    await untilReceived(1);
    await untilNothingWaits(process);
    await process.get(tokens.projections).rebuild(allTables, () => undefined);
    // Mails are sent in the order of their causes: a mail caused by the rebuild would arrive first.
    await askForReset(process, address);
    await untilReceived(2);
    await untilNothingWaits(process);
    expect(received()).toStrictEqual([address, address]);
    const subjects = inbox.messages().map(({ email }) => email.subject);
    expect(new Set(subjects).size).toBe(2);
  });
});

describe('a process that takes over the sending of mails', () => {
  it('sends new and remaining mails, each of them once', async () => {
    const before = await startProcess();
    before.startMail();
    const first = await signUp(before);
    await untilReceived(1);
    await untilNothingWaits(before);
    await before.close();

    const between = await startProcess();
    const second = await signUp(between);
    await between.close();

    const after = await startProcess();
    after.startMail();
    await untilReceived(2);
    await untilNothingWaits(after);
    expect(received()).toStrictEqual([first, second]);
  });

  it('sends mails that were queued but not sent', async () => {
    inbox.rejectWith(451);
    const before = await startProcess();
    before.startMail();
    const address = await signUp(before);
    await untilAllFailed(before, 1);
    await before.close();
    expect(received()).toStrictEqual([]);

    inbox.rejectWith(undefined);
    const after = await startProcess();
    after.startMail();
    await untilReceived(1);
    await untilNothingWaits(after);
    expect(received()).toStrictEqual([address]);
  });
});

describe('the sending of mails to a failing mail server', () => {
  it('loses no mail after an outage and logs no address', async () => {
    const port = Number(new URL(inbox.url).port);
    const process = await startProcess();
    await inbox.close();
    process.startMail();
    const addresses = [await signUp(process), await signUp(process), await signUp(process)];
    await untilAllFailed(process, 3);

    inbox = await startSmtpInbox({ port });
    await untilReceived(3);
    await untilNothingWaits(process);
    expect([...received()].sort()).toStrictEqual([...addresses].sort());
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => /@|ann/i.test(line))).toStrictEqual([]);
  });

  it('gives up a mail refused permanently, without logging the answer of the server', async () => {
    inbox.rejectWith(550);
    const process = await startProcess();
    process.startMail();
    await signUp(process);
    await eventually(() => lines.length > 0, 'the mail is refused');
    await untilNothingWaits(process);
    expect(lines).toStrictEqual([
      expect.stringMatching(/^mail for event [0-9a-f-]{36} is given up: SMTP 550$/),
    ]);
    expect(received()).toStrictEqual([]);
  });
});
