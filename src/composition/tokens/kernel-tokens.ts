import type { Clock } from '../../application/kernel/clock.ts';
import type { CommandHandler } from '../../application/kernel/command-handler.ts';
import type { RespondInConstantTime } from '../../application/kernel/constant-time-response.ts';
import type { EventStore } from '../../application/kernel/event-store.ts';
import type { IdGenerator } from '../../application/kernel/id-generator.ts';
import type { Pause } from '../../application/kernel/pause.ts';
import { token } from './token.ts';

export const kernelTokens = {
  clock: token<Clock>('Clock'),
  ids: token<IdGenerator>('IdGenerator'),
  pause: token<Pause>('Pause'),
  eventStore: token<EventStore>('EventStore'),
  commands: token<CommandHandler>('CommandHandler'),
  respondInConstantTime: token<RespondInConstantTime>('RespondInConstantTime'),
} as const;
