import { createPostgresMailQueue } from '../../../../src/adapters/postgres/mail/postgres-mail-queue.ts';
import { describeMailQueueContract } from '../../../support/mail/mail-queue-contract.ts';
import { openTestDatabase } from '../../../support/servers/open-database.ts';

describeMailQueueContract(async () => {
  const database = await openTestDatabase();
  return {
    emptyQueue: async () => {
      await database.sql('TRUNCATE mail_queue, policy_checkpoints');
      return createPostgresMailQueue(database);
    },
    close: database.drop,
  };
});
