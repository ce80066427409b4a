// Loaded into a measured process with --import: reports its resource usage to the benchmark.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpuMicros: user + system, residentBytes: process.memoryUsage.rss() });
});
// Does not keep a finished process running, and ends the process when the benchmark was killed.
process.channel.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
