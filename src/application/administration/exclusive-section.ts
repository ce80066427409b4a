/**
 * Runs `work` while nobody else, in whatever process, runs in the section of that name: for what no
 * single stream can decide. @throws ApplicationError `service_unavailable`
 */
export type ExclusiveSection = <Result>(
  name: 'administrators',
  work: () => Promise<Result>,
) => Promise<Result>;
