/** What was asked for cannot be done as things are; the message says why, in plain sentences. */
export class AdoptionRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AdoptionRefused';
  }
}
