import { createInMemoryRateLimiter } from '../../support/in-memory-rate-limiter.ts';
import { describeRateLimiter } from '../../support/rate-limiter-contract.ts';

const limiter = createInMemoryRateLimiter();

describeRateLimiter('the rate limiter in memory', () => limiter);
