// Which packets the programs in the kernel relay, and to where: the maps that turnd fills, and what follows from them.
// SPDX-License-Identifier: MIT OR GPL-2.0-only
//
//   client -> server   [IP][UDP][40 01 04 B0] payload      relay -> peer     [IP][UDP] payload
//   peer -> relay      [IP][UDP] payload                   server -> client  [IP][UDP][40 01 04 B0] payload
//   client -> server   [IP][UDP][40 01 ..] payload         server -> other client [IP][UDP][40 07 ..] payload   (hairpin)
#pragma once

#include "turnd/offload/relay_packet.bpf.h"

#define DONT_FRAGMENT 0x4000

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, TURND_MAX_LEASES);
  __type(key, struct turnd_client_key);
  __type(value, struct turnd_route);
} from_client SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, TURND_MAX_LEASES);
  __type(key, struct turnd_peer_key);
  __type(value, struct turnd_route);
} from_peer SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, TURND_MAX_LEASES);
  __type(key, __u32);
  __type(value, struct turnd_lease);
} leases SEC(".maps");

// CLOCK_BOOTTIME until which turnd has shown that it lives: when it is gone, so is the relay.
__u64 alive_until = 0;
// Whether the kernel tells what a path of IPv4 takes (where lo forwards). Where it does not, routers on the way have to cut.
__u8 tells_paths_v4 = 0;

static __always_inline int is_channel_message(const struct packet *packet) {
  const __u16 number = bpf_ntohs(packet->channel.number);
  // RFC 8656 s12: 0x4000 to 0x4FFF. What is longer than it says, or shorter, is the sockets' matter.
  return number >= 0x4000 && number <= 0x4fff &&
         bpf_ntohs(packet->channel.length) + sizeof(struct udphdr) + sizeof(struct channel_header) == packet->udp_length;
}

static __always_inline struct turnd_lease *live_lease(__u32 index, __u64 now) {
  struct turnd_lease *lease = bpf_map_lookup_elem(&leases, &index);
  return lease && lease->until > now ? lease : 0;
}

static __always_inline const struct turnd_route *find_from_client(const struct packet *packet) {
  const struct turnd_client_key key = {
      .client = packet->source,
      .server = packet->destination,
      .client_port = packet->source_port,
      .server_port = packet->destination_port,
      .channel = packet->channel.number,
      .family = packet->family,
  };
  return bpf_map_lookup_elem(&from_client, &key);
}

static __always_inline const struct turnd_route *find_from_peer(const struct turnd_peer_key *key) {
  return bpf_map_lookup_elem(&from_peer, key);
}

// RFC 8656 s14: one for each relay on the way. A packet without is for the sockets, which drop and count it.
static __always_inline int take_hop(struct output *out) {
  if (out->fields.ttl <= 1) return -1;
  --out->fields.ttl;
  return 0;
}

// To the client: with a header, and DF as of a listener, who hears of smaller paths.
static __always_inline int plan_to_client(const struct turnd_peer_key *key, __u64 now, struct output *out) {
  const struct turnd_route *route = find_from_peer(key);
  out->to_client = route ? live_lease(route->lease, now) : 0;
  if (!out->to_client || take_hop(out)) return -1;
  out->route = route;
  out->channel.number = route->channel;
  out->channel.length = bpf_htons((__u16)out->payload);
  out->udp_length = sizeof(struct udphdr) + sizeof(struct channel_header) + out->payload;
  out->fragmentation = tells_paths_v4 ? bpf_htons(DONT_FRAGMENT) : 0;
  return 0;
}

// The channel header goes; on the way to another client of this server the other's comes in its place.
static __always_inline int plan_from_client(const struct packet *in, const struct turnd_route *sent, __u64 now,
                                            struct output *out) {
  out->to_peer = live_lease(sent->lease, now);
  if (!out->to_peer || take_hop(out)) return -1;
  out->gone = in->channel;
  out->payload = in->udp_length - sizeof(struct udphdr) - sizeof(struct channel_header);
  if (sent->is_hairpin) {
    const struct turnd_peer_key key = {.peer = sent->source,
                                       .relay = sent->destination,
                                       .peer_port = sent->source_port,
                                       .relay_port = sent->destination_port,
                                       .family = in->family};
    return plan_to_client(&key, now, out);
  }
  out->route = sent;
  out->udp_length = sizeof(struct udphdr) + out->payload;
  return 0;
}

static __always_inline int plan_from_peer(const struct packet *in, __u64 now, struct output *out) {
  const struct turnd_peer_key key = {.peer = in->source,
                                     .relay = in->destination,
                                     .peer_port = in->source_port,
                                     .relay_port = in->destination_port,
                                     .family = in->family};
  out->payload = in->udp_length - sizeof(struct udphdr);
  return plan_to_client(&key, now, out);
}

// Whether, and how, this packet is relayed; everything of `out` but the checksum.
static __always_inline int plan(const struct packet *in, struct output *out) {
  __builtin_memset(out, 0, sizeof(*out));
  out->fields = in->fields;
  const __u64 now = bpf_ktime_get_boot_ns();
  if (alive_until <= now) return -1;
  const struct turnd_route *sent = is_channel_message(in) ? find_from_client(in) : 0;
  if (sent ? plan_from_client(in, sent, now, out) : plan_from_peer(in, now, out)) return -1;
  return in->ip_header + out->udp_length <= out->route->mtu ? 0 : -1;
}

static __always_inline void count(const struct output *out) {
  if (out->to_peer) {
    __sync_fetch_and_add(&out->to_peer->packets[TURND_TO_PEER], 1);
    __sync_fetch_and_add(&out->to_peer->bytes[TURND_TO_PEER], out->payload);
  }
  if (out->to_client) {
    __sync_fetch_and_add(&out->to_client->packets[TURND_TO_CLIENT], 1);
    __sync_fetch_and_add(&out->to_client->bytes[TURND_TO_CLIENT], out->payload);
  }
}
