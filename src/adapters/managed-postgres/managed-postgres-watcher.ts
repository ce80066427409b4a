/**
 * The parent of the server, run by /bin/sh under the database account with the hold pipe, the log
 * file and the server's command line for arguments.
 *
 * It opens the pipe both ways first, because opening it for reading alone would wait for a writer
 * that may have died already. It stops the server by SIGINT, PostgreSQL's fast shutdown, and closes
 * the pipe before that, so that nobody joins a server that is going away. When the server ends by
 * itself the pipe's reader goes too: it must not signal a process number that is somebody else's.
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
