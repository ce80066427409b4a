/**
 * A shell script that runs as the server's parent, by /bin/sh under the database account. Its
 * arguments are the lease pipe, the log file and the server's command line.
 *
 * It opens the pipe for reading and writing first, because opening it for reading alone would wait
 * for a writer that may have ended already. It stops the server by SIGINT, PostgreSQL's fast
 * shutdown, and closes the pipe before that, so that no process joins a server that is stopping.
 * When the server ends by itself, the script ends the pipe's reader, which must not signal a
 * process id that was reused.
 */
export const WATCHED_SERVER = `
umask 077
pipe=$1 log=$2
shift 2
exec 3<>"$pipe" 4<"$pipe" 3>&-
"$@" 4<&- >>"$log" 2>&1 &
server=$!
trap 'kill -INT $server' INT TERM HUP
(while read -r _; do :; done <&4; exec 4<&-; kill -INT $server; rm -f "$pipe") &
reader=$!
exec 4<&-
wait $server
while kill -0 $server 2>/dev/null; do wait $server; done
kill $reader 2>/dev/null
`;
