import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { uuid } from '../messages/read-messages.ts';
import { applyFault } from './apply-fault.ts';
import type { Member, NodeContext } from './node-context.ts';

const SERVER_VERSION = '24.10.0.0';
const STREAMS = 'event_store.client.streams.streams';

const { VNodeState } = gossip.MemberInfo;

/** The server reports method names in lower case. */
const featuresMessage = (offersBatchAppend: boolean): serverFeatures.SupportedMethods => {
  const methods = ['append', 'delete', 'read', 'tombstone'];
  return new serverFeatures.SupportedMethods()
    .setEventStoreServerVersion(SERVER_VERSION)
    .setMethodsList(
      [...methods, ...(offersBatchAppend ? ['batchappend'] : [])].map((method) =>
        new serverFeatures.SupportedMethod()
          .setServiceName(STREAMS)
          .setMethodName(method)
          .setFeaturesList(method === 'read' ? ['position', 'events'] : []),
      ),
    );
};

const memberMessage = ({ endpoint, alive, leads }: Member, index: number): gossip.MemberInfo =>
  new gossip.MemberInfo()
    .setInstanceId(uuid(`00000000-0000-4000-8000-00000000000${index}`))
    .setTimeStamp(String(Date.now()))
    .setState(leads ? VNodeState.LEADER : VNodeState.FOLLOWER)
    .setIsAlive(alive)
    .setHttpEndPoint(new gossip.EndPoint().setAddress(endpoint.address).setPort(endpoint.port));

export const createFeaturesService =
  (node: NodeContext): handleUnaryCall<shared.Empty, serverFeatures.SupportedMethods> =>
  (call, callback) => {
    node.calls.open('features', call);
    void applyFault(node.plan.take('features'), {
      perform: () => featuresMessage(node.offersBatchAppend),
      answer: (features) => callback(null, features),
      refuse: (failure) => callback(failure),
      leader: node.leader,
    });
  };

export const createGossipService =
  (node: NodeContext): handleUnaryCall<shared.Empty, gossip.ClusterInfo> =>
  (call, callback) => {
    node.calls.open('gossip', call);
    void applyFault(node.plan.take('gossip'), {
      perform: () => new gossip.ClusterInfo().setMembersList(node.members().map(memberMessage)),
      answer: (cluster) => callback(null, cluster),
      refuse: (failure) => callback(failure),
      leader: node.leader,
    });
  };
