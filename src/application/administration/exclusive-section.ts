/**
 * Runs `work` while no other process runs work in the section of that name, for rules that no
 * single stream can decide.
 * @throws ApplicationError `service_unavailable`
 */
export type ExclusiveSection = <Result>(
  name: 'administrators',
  work: () => Promise<Result>,
) => Promise<Result>;
