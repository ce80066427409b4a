import { createKeepAnAdmin } from '../../../src/application/administration/keep-an-admin.ts';
import { createEraseUser } from '../../../src/application/erasure/erase-user.ts';
import { createLeaveHouseholds } from '../../../src/application/erasure/leave-households.ts';
import { createHouseholdServices } from '../households/household-services.ts';

/** Household services with what erases a user. */
export const createErasureServices = async () => {
  const services = await createHouseholdServices();
  const { accounts, eventStore } = services;
  const referencedUsers = new Set<string>();
  const forgotten: (readonly string[])[] = [];

  /** Ids of the streams of a category in which an event names the user. */
  const streamsNaming = async (category: string, userId: string): Promise<readonly string[]> => {
    const ids = new Set<string>();
    for await (const { stream, event } of eventStore.readAll()) {
      const isNamed = Object.values(event.data).includes(userId);
      if (stream.category === category && isNamed) ids.add(stream.id);
    }
    return [...ids];
  };

  const world = {
    ...services,
    /** Finds the streams of a user, ended memberships included. */
    log: {
      familiesOf: (userId: string) => streamsNaming('tokenFamily', userId),
      householdsOf: (userId: string) => streamsNaming('household', userId),
    },
    keepAnAdmin: createKeepAnAdmin({ accounts, exclusively: (_name, work) => work() }),
    traces: {
      isReferenced: async (userId: string) => referencedUsers.has(userId),
      forget: async (addresses: readonly string[]) => void forgotten.push(addresses),
    },
  };
  const leaveHouseholds = createLeaveHouseholds(world);
  return {
    ...world,
    leaveHouseholds,
    eraseUser: createEraseUser({ ...world, leaveHouseholds }),
    /** Users that a table of the application holds. */
    referencedUsers,
    /** Addresses whose traces were removed, by call. */
    forgotten,
  };
};
