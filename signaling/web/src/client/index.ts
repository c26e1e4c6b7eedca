// The client library of signald: sessions, rooms and media connections, without any user interface.
export { Backoff } from './backoff';
export { Connection, type ConnectionOptions, type ConnectionState, type Credentials } from './connection';
export { browserEnvironment, type Environment, type Socket } from './environment';
export { Emitter } from './events';
export { SignalError } from './failure';
export { Mesh, type MeshOptions, type Signaling } from './mesh';
export { kSlots, Peer, type PeerState, type Slot } from './peer';
export * from './protocol';
export { gradeOf, readQuality, type Grade, type Path, type Quality } from './quality';
export { Room } from './room';
export type { JoinOptions, Moderation, Phase } from './room_types';
export { applyLines, applyPush, mergeChat, stateFrom, type RoomState } from './room_state';
