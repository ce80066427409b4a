/**
 * Runs `work` while no other process runs in the section of that name: for decisions that no single
 * stream can make.
 * @throws ApplicationError `service_unavailable`
 */
export type ExclusiveSection = <Result>(
  name: 'administrators',
  work: () => Promise<Result>,
) => Promise<Result>;
