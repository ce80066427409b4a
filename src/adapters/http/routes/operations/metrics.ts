import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, Registry } from 'prom-client';

/** Help text and current value by metric name without prefix; unknown values are omitted. */
export type Readings = Readonly<Record<string, Readonly<{ help: string; value: number }>>>;

export type ReadMetrics = () => Promise<Readings>;

export type Metrics = Readonly<{
  contentType: string;
  /** Renders the metrics in the text format of Prometheus. */
  render(): Promise<string>;
  observe(
    labels: Readonly<{ method: string; route: string; status: number }>,
    seconds: number,
  ): void;
}>;

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const processReadings = (): Readings => {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    process_cpu_seconds: { help: 'CPU time used so far in seconds', value: (user + system) / 1e6 },
    process_resident_memory_bytes: { help: 'Resident memory in bytes', value: rss },
    process_heap_bytes: { help: 'Heap in use in bytes', value: heapUsed },
    process_uptime_seconds: { help: 'Seconds since the process started', value: process.uptime() },
  };
};

/** Creates the metrics: requests are counted as they end, other values are read at each scrape. */
export const createMetrics = (readMetrics: ReadMetrics): Metrics => {
  const lasting = new Registry();
  const requests = new Histogram({
    name: 'latchkey_http_request_duration_seconds',
    help: 'Duration of requests by method, route pattern and status',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [lasting],
  });
  return {
    contentType: lasting.contentType,
    render: async () => {
      const momentary = new Registry();
      const readings = { ...processReadings(), ...(await readMetrics()) };
      for (const [name, { help, value }] of Object.entries(readings)) {
        new Gauge({ name: `latchkey_${name}`, help, registers: [momentary] }).set(value);
      }
      return `${await lasting.metrics()}${await momentary.metrics()}`;
    },
    observe: (labels, seconds) => requests.observe(labels, seconds),
  };
};

/** Counts requests by route pattern: paths may contain tokens, and there are too many of them. */
export const registerRequestMetrics = (app: FastifyInstance, metrics: Metrics): void => {
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    const route = routeOptions.url ?? '(unknown)';
    metrics.observe({ method, route, status: statusCode }, elapsedTime / 1_000);
  });
};
