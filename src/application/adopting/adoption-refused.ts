/** The command cannot be carried out; the message says why, for the operator. */
export class AdoptionRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AdoptionRefused';
  }
}
