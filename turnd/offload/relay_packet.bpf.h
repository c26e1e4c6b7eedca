// A packet as the programs in the kernel read and write it: headers and checksums, in any kind of buffer.
// SPDX-License-Identifier: MIT OR GPL-2.0-only
#pragma once

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "turnd/offload/relay_maps.h"

#define SUM_BLOCK 512 /* the most that bpf_csum_diff takes */
#define SUM_BLOCKS 17
#define MAX_PAYLOAD 0x3fff /* and the mask that shows it to the verifier */

// RFC 8656 s12.4; network byte order, as all that stands in packets.
struct channel_header {
  __u16 number;
  __u16 length;
};

// What is relayed of the IP header.
struct header_fields {
  __u8 ttl;            // IPv6: hop limit
  __u8 traffic_class;  // DSCP and ECN; IPv4: type of service
};

struct packet {
  struct turnd_address source;
  struct turnd_address destination;
  __u16 source_port;
  __u16 destination_port;
  __u16 check;
  __u16 family;
  struct channel_header channel;  // the first four bytes of payload, whatever they are
  __u32 ip_header;                // bytes
  __u32 udp_length;               // host order
  struct header_fields fields;
};

// What becomes of a packet.
struct output {
  const struct turnd_route *route;
  struct turnd_lease *to_peer;    // which count it; null: none
  struct turnd_lease *to_client;
  struct channel_header gone;     // of the packet that came; zero: none
  struct channel_header channel;  // of the packet that leaves; zero: none
  __u32 udp_length;
  __u32 payload;                  // bytes that the leases count
  __u16 check;
  __u16 fragmentation;            // IPv4
  struct header_fields fields;
};

static __always_inline __u16 fold(__u64 sum) {
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return (__u16)sum;
}

static __always_inline __u64 sum_of(const struct turnd_address *address) {
  return (__u64)address->words[0] + address->words[1] + address->words[2] + address->words[3];
}

// RFC 768, RFC 8200 s8.1: what the checksum covers besides UDP itself.
static __always_inline __u64 pseudo_sum(const struct turnd_address *source, const struct turnd_address *destination,
                                        __u32 udp_length) {
  return sum_of(source) + sum_of(destination) + bpf_htons(IPPROTO_UDP) + bpf_htons((__u16)udp_length);
}

static __always_inline int parse_udp(const struct udphdr *udp, void *end, struct packet *packet) {
  const struct channel_header *channel = (const void *)(udp + 1);
  if ((void *)(channel + 1) > end) return -1;
  packet->source_port = udp->source;
  packet->destination_port = udp->dest;
  packet->check = udp->check;
  packet->udp_length = bpf_ntohs(udp->len);
  packet->channel = *channel;
  return 0;
}

// Options and fragments are for the sockets. `length`: of the IP packet.
static __always_inline int parse_v4(const struct iphdr *ip, void *end, __u32 length, struct packet *packet) {
  if ((void *)(ip + 1) > end || ip->version != 4 || ip->ihl != 5 || ip->protocol != IPPROTO_UDP) return -1;
  if (ip->frag_off & bpf_htons(0x3fff) || bpf_ntohs(ip->tot_len) != length) return -1;
  packet->source.words[0] = ip->saddr;
  packet->destination.words[0] = ip->daddr;
  packet->family = 4;
  packet->ip_header = sizeof(*ip);
  packet->fields.ttl = ip->ttl;
  packet->fields.traffic_class = ip->tos;
  return parse_udp((const void *)(ip + 1), end, packet);
}

static __always_inline int parse_v6(const struct ipv6hdr *ip, void *end, __u32 length, struct packet *packet) {
  if ((void *)(ip + 1) > end || ip->version != 6 || ip->nexthdr != IPPROTO_UDP) return -1;
  if (bpf_ntohs(ip->payload_len) + sizeof(*ip) != length) return -1;
  __builtin_memcpy(&packet->source, &ip->saddr, sizeof(packet->source));
  __builtin_memcpy(&packet->destination, &ip->daddr, sizeof(packet->destination));
  packet->family = 6;
  packet->ip_header = sizeof(*ip);
  packet->fields.ttl = ip->hop_limit;
  packet->fields.traffic_class = (__u8)(ip->priority << 4 | ip->flow_lbl[0] >> 4);
  return parse_udp((const void *)(ip + 1), end, packet);
}

// How much of a frame of this protocol has to lie before its `data_end`; 0: it is none of ours.
static __always_inline __u32 headers_of(__u16 protocol) {
  const __u32 others = sizeof(struct ethhdr) + sizeof(struct udphdr) + sizeof(struct channel_header);
  if (protocol == bpf_htons(ETH_P_IP)) return others + sizeof(struct iphdr);
  return protocol == bpf_htons(ETH_P_IPV6) ? others + sizeof(struct ipv6hdr) : 0;
}

// Of the frame at `data`, of `length` bytes in all. A packet that brings no checksum is for the sockets too.
static __always_inline int parse(void *data, void *end, __u32 length, __u16 protocol, struct packet *packet) {
  __builtin_memset(packet, 0, sizeof(*packet));
  void *ip = data + sizeof(struct ethhdr);
  const __u32 ip_length = length - sizeof(struct ethhdr);
  const int failed = protocol == bpf_htons(ETH_P_IP) ? parse_v4(ip, end, ip_length, packet)
                                                     : parse_v6(ip, end, ip_length, packet);
  return failed || packet->check == 0 || packet->ip_header + packet->udp_length != ip_length ? -1 : 0;
}

// A sender on this machine leaves the checksum to the hardware: then the field holds the sum of the pseudo-header alone.
static __always_inline int is_left_to_hardware(const struct packet *packet) {
  return packet->check == fold(pseudo_sum(&packet->source, &packet->destination, packet->udp_length));
}

// How many bytes the packet grows.
static __always_inline __s32 growth(const struct packet *in, const struct output *out) {
  return (__s32)out->udp_length - (__s32)in->udp_length;
}

// What the checksum covers besides the payload.
static __always_inline __u64 headers_sum(const struct output *out) {
  const struct turnd_route *route = out->route;
  return pseudo_sum(&route->source, &route->destination, out->udp_length) + route->source_port +
         route->destination_port + bpf_htons((__u16)out->udp_length) + out->channel.number + out->channel.length;
}

static __always_inline __u16 check_of(__u64 sum) {
  const __u16 check = ~fold(sum);
  return check ? check : 0xffff;  // RFC 768: zero is for none
}

// RFC 1624: the sum without what goes and with what comes.
static __always_inline __u16 updated_check(const struct packet *in, const struct output *out) {
  const __u64 gone = pseudo_sum(&in->source, &in->destination, in->udp_length) + in->source_port +
                     in->destination_port + bpf_htons((__u16)in->udp_length) + out->gone.number + out->gone.length;
  return check_of((__u64)(__u16)~in->check + (__u16)~fold(gone) + fold(headers_sum(out)));
}

// Of the packet as it came.
static __always_inline void *payload_of(void *data, const struct packet *in, const struct output *out) {
  return data + sizeof(struct ethhdr) + in->ip_header + sizeof(struct udphdr) +
         (out->gone.number ? sizeof(struct channel_header) : 0);
}

static __always_inline int add_block(void *payload, void *end, __u32 offset, __u32 size, __u64 *sum) {
  void *block = payload + offset;
  if (block + size > end) return -1;
  const __s64 part = bpf_csum_diff(0, 0, block, size, 0);
  if (part < 0) return -1;
  *sum += (__u32)part;
  return 0;
}

// Of 0 to 3 bytes.
static __always_inline int add_rest(void *payload, void *end, __u32 length, __u64 *sum) {
  if (length & 2) {
    const __u16 *two = payload + (length & MAX_PAYLOAD & ~3U);
    if ((void *)(two + 1) > end) return -1;
    *sum += *two;
  }
  if (length & 1) {
    const __u8 *last = payload + (length & MAX_PAYLOAD & ~1U);
    if ((void *)(last + 1) > end) return -1;
    *sum += bpf_htons((__u16)(*last << 8));
  }
  return 0;
}

// Blocks of 512 bytes, then of half as many and so on, so that the verifier knows the size of each.
static __always_inline int sum_payload(void *payload, void *end, __u32 length, __u64 *sum) {
  if (length >= (SUM_BLOCKS + 1) * SUM_BLOCK) return -1;
  for (__u32 i = 0; i < SUM_BLOCKS && length >= (i + 1) * SUM_BLOCK; ++i)
    if (add_block(payload, end, i * SUM_BLOCK, SUM_BLOCK, sum)) return -1;
#pragma unroll
  for (__u32 size = SUM_BLOCK / 2; size >= 4; size /= 2)
    if (length & size && add_block(payload, end, length & MAX_PAYLOAD & ~(2 * size - 1), size, sum)) return -1;
  return add_rest(payload, end, length, sum);
}

// The whole checksum, when nobody has computed it yet.
static __always_inline int full_check(void *data, void *end, const struct packet *in, struct output *out) {
  __u64 sum = headers_sum(out);
  if (sum_payload(payload_of(data, in, out), end, out->payload, &sum)) return -1;
  out->check = check_of(sum);
  return 0;
}

// A payload to a peer may be shorter than a channel header.
static __always_inline int write_udp(struct udphdr *udp, void *end, const struct output *out) {
  struct channel_header *channel = (void *)(udp + 1);
  if ((void *)channel > end || (out->channel.number && (void *)(channel + 1) > end)) return -1;
  udp->source = out->route->source_port;
  udp->dest = out->route->destination_port;
  udp->len = bpf_htons((__u16)out->udp_length);
  udp->check = out->check;
  if (out->channel.number) *channel = out->channel;
  return 0;
}

static __always_inline int write_v4(struct iphdr *at, void *end, const struct output *out) {
  if ((void *)(at + 1) > end) return -1;
  struct iphdr ip = {
      .version = 4,
      .ihl = 5,
      .tos = out->fields.traffic_class,
      .tot_len = bpf_htons((__u16)(sizeof(struct iphdr) + out->udp_length)),
      .id = (__u16)bpf_get_prandom_u32(),
      .frag_off = out->fragmentation,
      .ttl = out->fields.ttl,
      .protocol = IPPROTO_UDP,
      .saddr = out->route->source.words[0],
      .daddr = out->route->destination.words[0],
  };
  const __u32 *words = (const __u32 *)&ip;
  ip.check = ~fold((__u64)words[0] + words[1] + words[2] + words[3] + words[4]);
  *at = ip;
  return write_udp((void *)(at + 1), end, out);
}

static __always_inline int write_v6(struct ipv6hdr *at, void *end, const struct output *out) {
  if ((void *)(at + 1) > end) return -1;
  __builtin_memset(at, 0, sizeof(*at));
  at->version = 6;
  at->priority = out->fields.traffic_class >> 4;
  at->flow_lbl[0] = (__u8)(out->fields.traffic_class << 4);
  at->payload_len = bpf_htons((__u16)out->udp_length);
  at->nexthdr = IPPROTO_UDP;
  at->hop_limit = out->fields.ttl;
  __builtin_memcpy(&at->saddr, &out->route->source, sizeof(at->saddr));
  __builtin_memcpy(&at->daddr, &out->route->destination, sizeof(at->daddr));
  return write_udp((void *)(at + 1), end, out);
}

// All behind the Ethernet header, in a frame that has its new length.
static __always_inline int write_headers(void *data, void *end, const struct packet *in, const struct output *out) {
  void *ip = data + sizeof(struct ethhdr);
  return in->family == 4 ? write_v4(ip, end, out) : write_v6(ip, end, out);
}
