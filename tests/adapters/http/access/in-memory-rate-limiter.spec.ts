import { createInMemoryRateLimiter } from '../../../support/http/in-memory-rate-limiter.ts';
import { describeRateLimiter } from '../../../support/http/rate-limiter-contract.ts';

const limiter = createInMemoryRateLimiter();

describeRateLimiter('the rate limiter in memory', () => limiter);
