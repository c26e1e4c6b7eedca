// Private conversations as the HTTP interface knows them.
import { http } from '../app/http';
import type { ChatMessage, Reaction } from '../client';
import type { Page } from './talk';

export interface Member {
  id: number | null;
  name: string;
}

export interface Conversation {
  id: number;
  kind: 'direct' | 'group' | 'lobby' | 'meeting';
  title: string | null;
  participants: Member[];
  lastSeq: number;
  lastReadSeq: number;
}

interface Message {
  id: number;
  conversationId: number;
  senderId: number | null;
  senderName: string;
  type: 'user' | 'system';
  content: string;
  createdAt: string;
  seq: number;
  editedAt: string | null;
  deletedAt: string | null;
  reactions: Reaction[];
}

interface Answer<T> {
  data: T;
}

const kBase = '/api/conversations';
const kPage = 50;
export const kListed = 100; // conversations on a page of the list

// As signald.v1 spells it.
export function lineFrom(message: Message): ChatMessage {
  return {
    messageId: String(message.id), conversationId: String(message.conversationId), userId: message.senderId === null ? null : String(message.senderId),
    username: message.senderName, message: message.content, timestamp: message.createdAt, seq: message.seq, kind: message.type,
    editedAt: message.editedAt, deletedAt: message.deletedAt, reactions: message.reactions,
  };
}

// A page of the list, the last used first; `page` counts from 1.
export async function conversations(page: number): Promise<Conversation[]> {
  return (await http.get<Answer<Conversation[]>>(`${kBase}?limit=${kListed}&page=${page}`)).data;
}

export async function conversation(id: string): Promise<Conversation> {
  return (await http.get<Answer<Conversation>>(`${kBase}/${id}`)).data;
}

export async function readPage(id: string, before?: number): Promise<Page> {
  const { data, ...page } = await http.get<Answer<Message[]> & { complete: boolean; epoch: number }>(`${kBase}/${id}/messages?limit=${kPage}${before ? `&before=${before}` : ''}`);
  return { ...page, messages: data.map(lineFrom) };
}

// The direct conversation with an account, made at need.
export async function openDirect(userId: number | string): Promise<Conversation> {
  return (await http.post<Answer<Conversation>>(`${kBase}/direct/${userId}`)).data;
}

export async function makeGroup(title: string, members: number[]): Promise<Conversation> {
  return (await http.post<Answer<Conversation>>(kBase, { title, members })).data;
}

export async function leaveGroup(id: string, self: number): Promise<void> {
  await http.delete(`${kBase}/${id}/members/${self}`);
}

export interface Found {
  id: number;
  name: string;
  username: string | null;
}

export const kShortestQuery = 2;

export async function findPeople(query: string): Promise<Found[]> {
  return (await http.get<Answer<Found[]>>(`/api/users?limit=20&query=${encodeURIComponent(query)}`)).data;
}
