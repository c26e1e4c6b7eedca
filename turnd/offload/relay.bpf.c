// SPDX-License-Identifier: MIT OR GPL-2.0-only
// Relays ChannelData of bound channels between clients and peers at the ingress of an interface (tc, clsact), without a
// socket. Whatever is not plain passes on to the sockets, which can relay everything.
//
//   client -> server   [IP][UDP][40 01 04 B0] payload      relay -> peer     [IP][UDP] payload
//   peer -> relay      [IP][UDP] payload                   server -> client  [IP][UDP][40 01 04 B0] payload
//   client -> server   [IP][UDP][40 01 ..] payload         server -> other client [IP][UDP][40 07 ..] payload   (hairpin)
//
// The four bytes are made or removed between the Ethernet and the IP header, so that no payload moves.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "turnd/offload/relay_maps.h"

#define CHANNEL_HEADER 4
#define PASS TC_ACT_UNSPEC /* to the filters behind, and to the stack */
#define SUM_CHUNK 256
#define MAX_SUM_CHUNKS 36 /* 9000 bytes */

// Where a packet goes, by what it says of itself.
#define ROUTES_BY(key_type)                    \
  struct {                                     \
    __uint(type, BPF_MAP_TYPE_HASH);           \
    __uint(map_flags, BPF_F_NO_PREALLOC);      \
    __uint(max_entries, TURND_MAX_LEASES);     \
    __type(key, key_type);                     \
    __type(value, struct turnd_route);         \
  }
ROUTES_BY(struct turnd_client_key) from_client SEC(".maps");
ROUTES_BY(struct turnd_peer_key) from_peer SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, TURND_MAX_LEASES);
  __type(key, __u32);
  __type(value, struct turnd_lease);
} leases SEC(".maps");

// CLOCK_BOOTTIME until which turnd has shown that it lives: when it is gone, so is the relay.
__u64 alive_until = 0;
// What a socket of turnd would send with.
const volatile __u8 hop_limit_v4 = 64;
const volatile __u8 hop_limit_v6 = 64;

struct packet {
  struct turnd_address source;
  struct turnd_address destination;
  __u16 source_port;
  __u16 destination_port;
  __u16 check;
  __u16 channel;         // of the first four bytes of payload
  __u16 channel_length;  // both as they stand there
  __u16 family;
  __u32 ip_header;   // bytes
  __u32 udp_length;  // host order
};

// What stands behind the IP header; the last four bytes are the header of a channel message, or payload.
struct datagram {
  struct udphdr udp;
  __u16 channel[2];
} __attribute__((packed));

struct headers_v4 {
  struct ethhdr ethernet;
  struct iphdr ip;
  struct datagram datagram;
} __attribute__((packed));

struct headers_v6 {
  struct ethhdr ethernet;
  struct ipv6hdr ip;
  struct datagram datagram;
} __attribute__((packed));

static __always_inline __u16 fold(__u64 sum) {
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return (__u16)sum;
}

// As it stands in a packet, where 0 would say that there is none.
static __always_inline __u16 checksum_of(__u64 sum) {
  const __u16 check = ~fold(sum);
  return check ? check : 0xffff;
}

static __always_inline __u64 sum_of(const struct turnd_address *address) {
  return (__u64)address->words[0] + address->words[1] + address->words[2] + address->words[3];
}

// RFC 768, RFC 8200 s8.1: what the checksum covers besides UDP itself.
static __always_inline __u64 pseudo_sum(const struct turnd_address *source, const struct turnd_address *destination,
                                        __u32 udp_length) {
  return sum_of(source) + sum_of(destination) + bpf_htons(IPPROTO_UDP) + bpf_htons((__u16)udp_length);
}

static __always_inline void parse_datagram(const struct datagram *at, struct packet *packet) {
  packet->source_port = at->udp.source;
  packet->destination_port = at->udp.dest;
  packet->check = at->udp.check;
  packet->channel = at->channel[0];
  packet->channel_length = at->channel[1];
  packet->udp_length = bpf_ntohs(at->udp.len);
}

static __always_inline int parse_v4(const struct headers_v4 *at, __u32 length, struct packet *packet) {
  // Options and fragments are for the sockets, and so is a packet that brings no checksum.
  if (at->ip.version != 4 || at->ip.ihl != 5 || at->ip.protocol != IPPROTO_UDP) return -1;
  if (at->ip.frag_off & bpf_htons(0x3fff)) return -1;
  parse_datagram(&at->datagram, packet);
  packet->ip_header = sizeof(struct iphdr);
  const __u32 total = bpf_ntohs(at->ip.tot_len);
  if (total != packet->ip_header + packet->udp_length || length != sizeof(struct ethhdr) + total) return -1;
  packet->source.words[0] = at->ip.saddr;
  packet->destination.words[0] = at->ip.daddr;
  packet->family = 4;
  return at->ip.ttl > 1 ? 0 : -1;
}

static __always_inline int parse_v6(const struct headers_v6 *at, __u32 length, struct packet *packet) {
  if (at->ip.version != 6 || at->ip.nexthdr != IPPROTO_UDP) return -1;
  parse_datagram(&at->datagram, packet);
  packet->ip_header = sizeof(struct ipv6hdr);
  const __u32 payload = bpf_ntohs(at->ip.payload_len);
  if (payload != packet->udp_length || length != sizeof(struct ethhdr) + packet->ip_header + payload) return -1;
  __builtin_memcpy(&packet->source, &at->ip.saddr, sizeof(packet->source));
  __builtin_memcpy(&packet->destination, &at->ip.daddr, sizeof(packet->destination));
  packet->family = 6;
  return at->ip.hop_limit > 1 ? 0 : -1;
}

static __always_inline int parse(struct __sk_buff *skb, struct packet *packet) {
  // Several datagrams in one buffer have a header each.
  if (skb->gso_size != 0 || skb->vlan_present) return -1;
  const __u16 protocol = (__u16)skb->protocol;
  __u32 headers = sizeof(struct headers_v4);
  if (protocol == bpf_htons(ETH_P_IPV6))
    headers = sizeof(struct headers_v6);
  else if (protocol != bpf_htons(ETH_P_IP))
    return -1;
  void *data = (void *)(long)skb->data;
  void *end = (void *)(long)skb->data_end;
  if (data + headers > end) {
    if (skb->len < headers || bpf_skb_pull_data(skb, headers)) return -1;
    data = (void *)(long)skb->data;
    end = (void *)(long)skb->data_end;
  }
  __builtin_memset(packet, 0, sizeof(*packet));
  int failed = -1;
  if (protocol == bpf_htons(ETH_P_IP)) {
    const struct headers_v4 *at = data;
    if ((void *)(at + 1) <= end) failed = parse_v4(at, skb->len, packet);
  } else {
    const struct headers_v6 *at = data;
    if ((void *)(at + 1) <= end) failed = parse_v6(at, skb->len, packet);
  }
  if (failed || packet->check == 0 || packet->udp_length < sizeof(struct udphdr) + CHANNEL_HEADER) return -1;
  return 0;
}

static __always_inline struct turnd_lease *live_lease(__u32 index, __u64 now) {
  struct turnd_lease *lease = bpf_map_lookup_elem(&leases, &index);
  return lease && lease->until > now ? lease : 0;
}

static __always_inline struct turnd_route *find_from_client(const struct packet *packet) {
  struct turnd_client_key key = {
      .client = packet->source,
      .server = packet->destination,
      .client_port = packet->source_port,
      .server_port = packet->destination_port,
      .channel = packet->channel,
      .family = packet->family,
  };
  return bpf_map_lookup_elem(&from_client, &key);
}

static __always_inline struct turnd_route *find_from_peer(const struct turnd_address *peer, __u16 peer_port,
                                                          const struct turnd_address *relay, __u16 relay_port,
                                                          __u16 family) {
  struct turnd_peer_key key = {
      .peer = *peer, .relay = *relay, .peer_port = peer_port, .relay_port = relay_port, .family = family};
  return bpf_map_lookup_elem(&from_peer, &key);
}

static __always_inline void count(struct turnd_lease *lease, enum turnd_direction direction, __u32 bytes) {
  __sync_fetch_and_add(&lease->packets[direction], 1);
  __sync_fetch_and_add(&lease->bytes[direction], bytes);
}

// A sender on this machine leaves the checksum to the hardware: then the field holds the sum of the pseudo-header alone.
static __always_inline int is_left_to_hardware(const struct packet *packet) {
  return packet->check == fold(pseudo_sum(&packet->source, &packet->destination, packet->udp_length));
}

static __always_inline int add_chunk(__u32 *chunk, __u64 *sum) {
  const __s64 part = bpf_csum_diff(0, 0, chunk, SUM_CHUNK, 0);
  if (part < 0) return -1;
  *sum += (__u32)part;
  return 0;
}

// Of the payload, which begins at `offset`.
static __always_inline int sum_payload(struct __sk_buff *skb, __u32 offset, __u32 length, __u64 *sum) {
  __u32 chunk[SUM_CHUNK / 4];
  for (int i = 0; i < MAX_SUM_CHUNKS && length >= SUM_CHUNK; ++i) {
    if (bpf_skb_load_bytes(skb, offset, chunk, SUM_CHUNK) || add_chunk(chunk, sum)) return -1;
    offset += SUM_CHUNK;
    length -= SUM_CHUNK;
  }
  if (length >= SUM_CHUNK) return -1;
  if (length == 0) return 0;
  __builtin_memset(chunk, 0, sizeof(chunk));
  __u64 rest = length;
  asm volatile("" : "+r"(rest));  // the verifier wants the bound beside the use
  rest &= SUM_CHUNK - 1;
  if (rest == 0 || bpf_skb_load_bytes(skb, offset, chunk, (__u32)rest)) return -1;
  return add_chunk(chunk, sum);
}

// RFC 1624: the sum without what goes and with what comes.
static __always_inline __u16 updated_check(const struct packet *in, const struct turnd_route *route, __u32 udp_length,
                                           __u64 channel_out, __u64 channel_in) {
  const __u64 gone = sum_of(&in->source) + sum_of(&in->destination) + in->source_port + in->destination_port +
                     2 * (__u64)bpf_htons((__u16)in->udp_length) + channel_out;
  const __u64 come = sum_of(&route->source) + sum_of(&route->destination) + route->source_port +
                     route->destination_port + 2 * (__u64)bpf_htons((__u16)udp_length) + channel_in;
  return checksum_of((__u64)(__u16)~in->check + (__u16)~fold(gone) + fold(come));
}

struct output {
  const struct turnd_route *route;
  __u32 udp_length;
  __u16 check;
  __u16 channel;         // 0: no ChannelData header
  __u16 channel_length;
  __u16 fragmentation;  // IPv4
};

static __always_inline int write_datagram(struct __sk_buff *skb, struct datagram *at, const struct output *out) {
  at->udp.source = out->route->source_port;
  at->udp.dest = out->route->destination_port;
  at->udp.len = bpf_htons((__u16)out->udp_length);
  at->udp.check = out->check;
  if (!out->channel) return 0;
  if ((void *)(at + 1) > (void *)(long)skb->data_end) return -1;
  at->channel[0] = out->channel;
  at->channel[1] = out->channel_length;
  return 0;
}

static __always_inline int write_v4(struct __sk_buff *skb, const struct output *out) {
  struct headers_v4 *at = (void *)(long)skb->data;
  // A packet to a peer may be shorter than a ChannelData header.
  if ((void *)&at->datagram.channel > (void *)(long)skb->data_end) return -1;
  struct iphdr ip = {
      .version = 4,
      .ihl = 5,
      .tot_len = bpf_htons((__u16)(sizeof(struct iphdr) + out->udp_length)),
      .id = (__u16)bpf_get_prandom_u32(),
      .frag_off = out->fragmentation,
      .ttl = hop_limit_v4,
      .protocol = IPPROTO_UDP,
      .saddr = out->route->source.words[0],
      .daddr = out->route->destination.words[0],
  };
  const __u32 *words = (const __u32 *)&ip;
  ip.check = ~fold((__u64)words[0] + words[1] + words[2] + words[3] + words[4]);
  at->ip = ip;
  return write_datagram(skb, &at->datagram, out);
}

static __always_inline int write_v6(struct __sk_buff *skb, const struct output *out) {
  struct headers_v6 *at = (void *)(long)skb->data;
  if ((void *)&at->datagram.channel > (void *)(long)skb->data_end) return -1;
  __builtin_memset(&at->ip, 0, sizeof(at->ip));
  at->ip.version = 6;
  at->ip.payload_len = bpf_htons((__u16)out->udp_length);
  at->ip.nexthdr = IPPROTO_UDP;
  at->ip.hop_limit = hop_limit_v6;
  __builtin_memcpy(&at->ip.saddr, &out->route->source, sizeof(at->ip.saddr));
  __builtin_memcpy(&at->ip.daddr, &out->route->destination, sizeof(at->ip.daddr));
  return write_datagram(skb, &at->datagram, out);
}

// Makes or removes `change` bytes in front of the IP header. Where the checksum was left to the hardware, the buffer also
// forgets where that begins: taking away more than the headers makes the kernel drop the note, and they are written anew.
static __always_inline int resize(struct __sk_buff *skb, const struct packet *in, __s32 change, int forget) {
  if (!forget) return bpf_skb_adjust_room(skb, change, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_NO_CSUM_RESET);
  const __s32 beyond = (__s32)in->ip_header + 2;
  if (bpf_skb_adjust_room(skb, -beyond, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_NO_CSUM_RESET)) return -1;
  return bpf_skb_adjust_room(skb, beyond + change, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_NO_CSUM_RESET);
}

static __always_inline int forward(struct __sk_buff *skb, const struct packet *in, const struct output *out) {
  if (in->family == 4 ? write_v4(skb, out) : write_v6(skb, out)) return TC_ACT_SHOT;
  return (int)bpf_redirect_neigh(out->route->interface, 0, 0, 0);
}

// The whole checksum, when nobody has computed it yet. `payload`: its offset in the buffer.
static __always_inline int full_check(struct __sk_buff *skb, struct output *out, __u32 payload, __u32 length) {
  __u64 sum = pseudo_sum(&out->route->source, &out->route->destination, out->udp_length) + out->route->source_port +
              out->route->destination_port + bpf_htons((__u16)out->udp_length) + out->channel + out->channel_length;
  if (sum_payload(skb, payload, length, &sum)) return -1;
  out->check = checksum_of(sum);
  return 0;
}

// The kernel shrinks no packet below its IP header.
static __always_inline int can_forget(const struct packet *in) {
  return in->udp_length >= in->ip_header + 2 + sizeof(struct udphdr);
}

// With the header of a channel message taken off (to a peer) or put on (to a client).
static __always_inline int relay(struct __sk_buff *skb, const struct packet *in, struct output *out,
                                 struct turnd_lease *lease, enum turnd_direction direction) {
  const int to_peer = direction == TURND_TO_PEER;
  const __u32 headers = sizeof(struct udphdr) + (to_peer ? CHANNEL_HEADER : 0);
  const __u32 payload = in->udp_length - headers;
  const __u64 header_out = to_peer ? (__u64)in->channel + in->channel_length : 0;
  const int forget = is_left_to_hardware(in);
  if (in->ip_header + out->udp_length > out->route->mtu || (forget && !can_forget(in))) return PASS;
  if (!forget) {
    out->check =
        updated_check(in, out->route, out->udp_length, header_out, (__u64)out->channel + out->channel_length);
  } else if (full_check(skb, out, sizeof(struct ethhdr) + in->ip_header + headers, payload)) {
    return PASS;
  }
  if (resize(skb, in, to_peer ? -CHANNEL_HEADER : CHANNEL_HEADER, forget)) return TC_ACT_SHOT;
  count(lease, direction, payload);
  return forward(skb, in, out);
}

static __always_inline int to_peer(struct __sk_buff *skb, const struct packet *in, const struct turnd_route *route,
                                   struct turnd_lease *lease) {
  struct output out = {.route = route,
                       .udp_length = in->udp_length - CHANNEL_HEADER,
                       .fragmentation = 0};  // as of a relay socket: may be fragmented on its way
  return relay(skb, in, &out, lease, TURND_TO_PEER);
}

static __always_inline int to_client(struct __sk_buff *skb, const struct packet *in, const struct turnd_route *route,
                                     struct turnd_lease *lease) {
  struct output out = {.route = route,
                       .udp_length = in->udp_length + CHANNEL_HEADER,
                       .channel = route->channel,
                       .channel_length = bpf_htons((__u16)(in->udp_length - sizeof(struct udphdr))),
                       .fragmentation = bpf_htons(0x4000)};  // DF, as of a listener
  return relay(skb, in, &out, lease, TURND_TO_CLIENT);
}

// From a client to a client of this same server: the header stays where it is, with the other's channel number.
static __always_inline int hairpin(struct __sk_buff *skb, const struct packet *in, const struct turnd_route *sent,
                                   struct turnd_lease *lease, __u64 now) {
  const struct turnd_route *route =
      find_from_peer(&sent->source, sent->source_port, &sent->destination, sent->destination_port, in->family);
  struct turnd_lease *other = route ? live_lease(route->lease, now) : 0;
  if (!other || in->ip_header + in->udp_length > route->mtu) return PASS;
  struct output out = {.route = route,
                       .udp_length = in->udp_length,
                       .channel = route->channel,
                       .channel_length = in->channel_length,
                       .fragmentation = bpf_htons(0x4000)};
  // Nothing moves, so what is left to the hardware may be left to it again.
  out.check = is_left_to_hardware(in)
                  ? fold(pseudo_sum(&route->source, &route->destination, out.udp_length))
                  : updated_check(in, route, out.udp_length, in->channel, out.channel);
  const __u32 payload = in->udp_length - sizeof(struct udphdr) - CHANNEL_HEADER;
  count(lease, TURND_TO_PEER, payload);
  count(other, TURND_TO_CLIENT, payload);
  return forward(skb, in, &out);
}

static __always_inline int is_channel_message(const struct packet *packet) {
  const __u16 number = bpf_ntohs(packet->channel);
  // RFC 8656 s12: 0x4000 to 0x4FFF. What is longer than it says, or shorter, is the sockets' matter.
  return number >= 0x4000 && number <= 0x4fff &&
         bpf_ntohs(packet->channel_length) + sizeof(struct udphdr) + CHANNEL_HEADER == packet->udp_length;
}

SEC("tc")
int turnd_relay(struct __sk_buff *skb) {
  struct packet packet;
  if (parse(skb, &packet)) return PASS;
  const __u64 now = bpf_ktime_get_boot_ns();
  if (alive_until <= now) return PASS;
  if (is_channel_message(&packet)) {
    const struct turnd_route *route = find_from_client(&packet);
    if (route) {
      struct turnd_lease *lease = live_lease(route->lease, now);
      if (!lease) return PASS;
      return route->is_hairpin ? hairpin(skb, &packet, route, lease, now) : to_peer(skb, &packet, route, lease);
    }
  }
  const struct turnd_route *route = find_from_peer(&packet.source, packet.source_port, &packet.destination,
                                                   packet.destination_port, packet.family);
  struct turnd_lease *lease = route ? live_lease(route->lease, now) : 0;
  return lease ? to_client(skb, &packet, route, lease) : PASS;
}

// The kernel lends some of its functions to GPL-compatible programs alone, so this file is under the MIT licence or GPL-2.0.
char turnd_license[] SEC("license") = "Dual MIT/GPL";
