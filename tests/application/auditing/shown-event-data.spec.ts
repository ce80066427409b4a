import { describe, expect, it } from 'vitest';
import { eventDefinitions } from '../../../src/adapters/event-store/schemas/event-definitions.ts';
import { eventTypes, shownEventData } from '../../../src/application/auditing/shown-event-data.ts';
import { readFixtures } from '../../support/event-log/stored-event-fixtures.ts';

const fixtures = [...(await readFixtures()).values()];

/** Names of members at any depth. */
const membersOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, member]) => [name, ...membersOf(member)])
    : [];

const NOT_TO_BE_SHOWN = new Set([
  '$personal',
  ...['id', 'keyId', 'tokenHash', 'salt', 'agentHash', 'passwordHash', 'checksum'],
  ...['email', 'username', 'displayName', 'deviceName', 'name', 'ip', 'userAgent'],
  ...['token', 'addressHash'],
]);

describe('the members of events that administrators may read', () => {
  it('are listed for every event type', () => {
    expect(eventTypes.toSorted()).toStrictEqual(Object.keys(eventDefinitions).toSorted());
  });

  it('exclude members that any version of the type encrypts', () => {
    const shownPersonal = Object.entries(eventDefinitions).flatMap(([type, { versions }]) =>
      versions.flatMap(({ personal }) => Object.keys(shownEventData(type, personal))),
    );
    expect(shownPersonal).toStrictEqual([]);
  });

  it.each(fixtures.map(({ stored }) => [stored.type, stored.schemaVersion, stored.data] as const))(
    'hold no secret and nothing encrypted: %s, version %i',
    (type, _version, data) => {
      const members = membersOf(shownEventData(type, data));
      expect(members.filter((name) => NOT_TO_BE_SHOWN.has(name))).toStrictEqual([]);
    },
  );

  it('are the listed ones, as they are stored', () => {
    const accessTokens = [{ first: 0, last: 2, expiresAt: '2026-01-01T00:00:00.000Z' }];
    const data = { userId: 'user_ann', reason: 'theft', accessTokens };
    expect(shownEventData('TokenFamilyRevoked', { ...data, added: 'later' })).toStrictEqual(data);
  });

  it('are missing if an older version does not have them', () => {
    expect(shownEventData('UserRegistered', { role: 'user' })).toStrictEqual({ role: 'user' });
  });

  it.each(['AddedLater', 'constructor', '__proto__', 'toString'])(
    'are none for an unknown type: %s',
    (type) => {
      expect(shownEventData(type, { role: 'user', length: 1, name: 'x' })).toStrictEqual({});
    },
  );
});
