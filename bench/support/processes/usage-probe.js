// Loaded into a measured process with --import: tells the benchmark what the process has used.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpuMicros: user + system, residentBytes: process.memoryUsage.rss() });
});
// Neither keeps a finished process alive nor leaves one behind when the benchmark was killed.
process.channel.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
