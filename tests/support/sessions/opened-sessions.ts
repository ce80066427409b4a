import { ann, createSessionServices } from './session-services.ts';

const ben = { ...ann, userId: 'user_ben' };

/** Session services with three sessions of `user_ann` and `family-4` of `user_ben`. */
export const createOpenedSessions = async () => {
  const services = createSessionServices();
  services.principals.set(ben.userId, ben);
  for (const principal of [ann, ann, ann, ben]) await services.open(principal);
  return services;
};
