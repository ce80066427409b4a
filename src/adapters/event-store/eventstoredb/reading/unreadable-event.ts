import type { Position } from '../../../../application/kernel/event-store.ts';

/**
 * An event in the log that this version cannot read: a newer version or another program wrote it.
 */
export class UnreadableEvent extends Error {
  readonly eventType: string;
  readonly position: Position;
  constructor(eventType: string, position: Position, options?: ErrorOptions) {
    super(
      `The log holds an event that this version cannot read: ${eventType} at ${position}.`,
      options,
    );
    this.name = 'UnreadableEvent';
    this.eventType = eventType;
    this.position = position;
  }
}
