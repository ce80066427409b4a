import { once } from 'node:events';
import net from 'node:net';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createAppendService } from './services/append-service.ts';
import { createBatchAppendService } from './services/batch-append-service.ts';
import { createFeaturesService, createGossipService } from './services/cluster-services.ts';
import { createDeleteService, createTombstoneService } from './services/deletion-service.ts';
import type { NodeContext } from './services/node-context.ts';
import { createReadService } from './services/read-service.ts';

const HOST = '127.0.0.1';
/** The size of the largest record that the server can store. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

export type DoubleNode = ReturnType<typeof createDoubleNode>;

const createServer = (context: NodeContext): Server => {
  const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });
  server.addService(StreamsService, {
    append: createAppendService(context),
    batchAppend: createBatchAppendService(context),
    read: createReadService(context),
    delete: createDeleteService(context),
    tombstone: createTombstoneService(context),
  });
  server.addService(ServerFeaturesService, { getSupportedMethods: createFeaturesService(context) });
  server.addService(GossipService, { read: createGossipService(context) });
  return server;
};

/** Creates a node of the cluster. It accepts the sockets itself, so that a test can cut them. */
export const createDoubleNode = (context: NodeContext) => {
  const server = createServer(context);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<net.Socket>();
  const listener = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    injector.injectConnection(socket);
  });
  let port = 0;

  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const listen = async (wanted = port): Promise<void> => {
    if (listener.listening) return;
    listener.listen(wanted, HOST);
    await once(listener, 'listening');
    const address = listener.address();
    if (address && typeof address === 'object') port = address.port;
  };
  const pause = async (): Promise<void> => {
    if (!listener.listening) return;
    const closed = new Promise((resolve) => listener.close(resolve));
    cut();
    await closed;
  };
  return {
    endpoint: () => ({ address: HOST, port }),
    isListening: () => listener.listening,
    /** Listens on the previous port, or on `wanted`; 0 is any. */
    listen,
    /** Refuses new connections and cuts existing ones. */
    pause,
    cut,
    stop: async (): Promise<void> => {
      await pause();
      server.forceShutdown();
    },
  };
};
