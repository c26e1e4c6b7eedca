// SPDX-License-Identifier: MIT OR GPL-2.0-only
// The two programs that relay ChannelData of bound channels between clients and peers at an interface, without a socket;
// turnd loads one of them. Whatever is not plain passes on to the sockets, which can relay everything.
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>

#include "turnd/offload/relay_plan.bpf.h"

#define AF_INET 2
#define AF_INET6 10
#define LOOPBACK 1 /* the index of lo, in every network namespace */
#define SMALL 1280   /* RFC 8200 s5: what every way of IPv6 takes */
#define SMALL_V4 552 /* net.ipv4.route.min_pmtu: of no smaller path the kernel lets itself be told */

// Asks as for a packet of this machine's own, which needs no forwarding on any interface but lo.
static __always_inline long look_up(void *context, const struct packet *in, const struct output *out,
                                    struct bpf_fib_lookup *way) {
  const struct turnd_route *route = out->route;
  __builtin_memset(way, 0, sizeof(*way));
  way->l4_protocol = IPPROTO_UDP;
  way->sport = route->source_port;
  way->dport = route->destination_port;
  way->tot_len = (__u16)(in->ip_header + out->udp_length);
  way->ifindex = LOOPBACK;
  if (in->family == 4) {
    way->family = AF_INET;
    way->tos = out->fields.traffic_class;
    way->ipv4_src = route->source.words[0];
    way->ipv4_dst = route->destination.words[0];
  } else {
    way->family = AF_INET6;
    way->flowinfo = bpf_htonl((__u32)out->fields.traffic_class << 20);
    __builtin_memcpy(way->ipv6_src, &route->source, sizeof(way->ipv6_src));
    __builtin_memcpy(way->ipv6_dst, &route->destination, sizeof(way->ipv6_dst));
  }
  return bpf_fib_lookup(context, way, sizeof(*way), 0);
}

// --- tc: at the ingress of an interface (clsact). The bytes of the channel header are made or removed between the Ethernet
// and the IP header, so that no payload moves.

#define TC_PASS TC_ACT_UNSPEC /* to the filters behind, and to the stack */

static __always_inline int parse_skb(struct __sk_buff *skb, struct packet *packet) {
  // A promiscuous interface also hears what is for others, which the stack drops.
  if (skb->pkt_type != PACKET_HOST) return -1;
  // Several datagrams in one buffer have a header each.
  if (skb->gso_size != 0 || skb->vlan_present) return -1;
  const __u16 protocol = (__u16)skb->protocol;
  const __u32 headers = headers_of(protocol);
  if (headers == 0 || skb->len < headers) return -1;
  if ((void *)(long)skb->data + headers > (void *)(long)skb->data_end && bpf_skb_pull_data(skb, headers)) return -1;
  return parse((void *)(long)skb->data, (void *)(long)skb->data_end, skb->len, protocol, packet);
}

// The kernel shrinks no packet below its IP header.
static __always_inline int can_forget(const struct packet *in) {
  return in->udp_length >= in->ip_header + 2 + sizeof(struct udphdr);
}

static __always_inline int check_of_skb(struct __sk_buff *skb, const struct packet *in, struct output *out) {
  if (!is_left_to_hardware(in)) {
    out->check = updated_check(in, out);
    return 0;
  }
  if (!can_forget(in) || bpf_skb_pull_data(skb, skb->len)) return -1;
  return full_check((void *)(long)skb->data, (void *)(long)skb->data_end, in, out);
}

// Where the checksum was left to the hardware, the buffer also forgets where that begins: taking away more than the headers
// makes the kernel drop the note, and they are written anew. That is so where nothing moves too: one packet in 65,536 only
// looks like one of those, and nobody would complete its checksum.
static __always_inline int resize(struct __sk_buff *skb, const struct packet *in, __s32 change) {
  if (!is_left_to_hardware(in))
    return change ? (int)bpf_skb_adjust_room(skb, change, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_NO_CSUM_RESET) : 0;
  const __s32 beyond = (__s32)in->ip_header + 2;
  if (bpf_skb_adjust_room(skb, -beyond, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_NO_CSUM_RESET)) return -1;
  return bpf_skb_adjust_room(skb, beyond + change, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_NO_CSUM_RESET);
}

// The size up to which no path is asked about. Without DF (IPv4) routers cut what is too big for them.
static __always_inline __u32 small(const struct packet *in, const struct output *out) {
  return in->family == 4 && out->fragmentation ? SMALL_V4 : SMALL;
}

// A router may have told of a smaller MTU since the lease began, which no route shows: then the sockets cut the packet. Where
// the kernel does not answer (lo does not forward), they send whatever is big.
static __always_inline int fits_the_path(struct __sk_buff *skb, const struct packet *in, const struct output *out) {
  if (in->ip_header + out->udp_length <= small(in, out)) return 1;
  struct bpf_fib_lookup way;
  const long found = look_up(skb, in, out, &way);
  return found == BPF_FIB_LKUP_RET_SUCCESS || found == BPF_FIB_LKUP_RET_NO_NEIGH;
}

SEC("tc")
int turnd_relay_tc(struct __sk_buff *skb) {
  struct packet in;
  struct output out;
  if (parse_skb(skb, &in) || plan(&in, &out) || !fits_the_path(skb, &in, &out)) return TC_PASS;
  if (check_of_skb(skb, &in, &out)) return TC_PASS;
  if (resize(skb, &in, growth(&in, &out))) return TC_ACT_SHOT;
  if (write_headers((void *)(long)skb->data, (void *)(long)skb->data_end, &in, &out)) return TC_ACT_SHOT;
  count(&out);
  return (int)bpf_redirect_neigh(out.route->interface, 0, 0, 0);
}

// --- XDP: at the driver of an interface, or generic: then behind its GRO.

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, TURND_MAX_INTERFACES);
  __type(key, __u32);  // of an interface, the index
  __type(value, struct turnd_ethernet_address);
} ethernet_addresses SEC(".maps");

// Whether it is generic.
__u8 is_generic = 0;
// Whether frames also leave by redirection where they came in: a veth lets those lie that are just handed back (XDP_TX), if its
// other end has no program.
__u8 is_at_veth = 0;

static __always_inline int parse_frame(struct xdp_md *frame, struct packet *packet) {
  void *data = (void *)(long)frame->data;
  void *end = (void *)(long)frame->data_end;
  const struct ethhdr *ethernet = data;
  if ((void *)(ethernet + 1) > end || headers_of(ethernet->h_proto) == 0) return -1;
  return parse(data, end, (__u32)(end - data), ethernet->h_proto, packet);
}

// As tc sees by the type of a packet. Of the ports of a bond, at which a driver runs the program too, no address is known.
static __always_inline int is_for_others(struct xdp_md *frame) {
  const void *data = (const void *)(long)frame->data;
  const void *end = (const void *)(long)frame->data_end;
  const __u16 *to = data;
  __u32 interface = frame->ingress_ifindex;
  const struct turnd_ethernet_address *own = bpf_map_lookup_elem(&ethernet_addresses, &interface);
  if (!own) return 0;
  if (data + sizeof(struct ethhdr) > end) return 1;
  return to[0] != own->words[0] || to[1] != own->words[1] || to[2] != own->words[2];
}

static __always_inline int check_of_frame(struct xdp_md *frame, const struct packet *in, struct output *out) {
  if (!is_left_to_hardware(in)) {
    out->check = updated_check(in, out);
    return 0;
  }
  // Here it may also be several datagrams that were merged: they look like one, except for this.
  if (is_generic) return -1;
  return full_check((void *)(long)frame->data, (void *)(long)frame->data_end, in, out);
}

// Fails where a neighbour's address is not known: then the sockets send, and the kernel asks for it.
static __always_inline int find_way(struct xdp_md *frame, const struct packet *in, const struct output *out,
                                    struct bpf_fib_lookup *way) {
  if (look_up(frame, in, out, way) != BPF_FIB_LKUP_RET_SUCCESS) return -1;
  // Kernels before 6.3 also answer with a neighbour that they are still asking for: its address is zero.
  const __u8 *address = way->dmac;
  if (!(address[0] | address[1] | address[2] | address[3] | address[4] | address[5])) return -1;
  return way->ifindex == out->route->interface ? 0 : -1;
}

static __always_inline int write_frame(struct xdp_md *frame, const struct bpf_fib_lookup *way, const struct packet *in,
                                       const struct output *out) {
  void *data = (void *)(long)frame->data;
  void *end = (void *)(long)frame->data_end;
  struct ethhdr *ethernet = data;
  if ((void *)(ethernet + 1) > end) return -1;
  __builtin_memcpy(ethernet->h_dest, way->dmac, sizeof(ethernet->h_dest));
  __builtin_memcpy(ethernet->h_source, way->smac, sizeof(ethernet->h_source));
  ethernet->h_proto = in->family == 4 ? bpf_htons(ETH_P_IP) : bpf_htons(ETH_P_IPV6);
  return write_headers(data, end, in, out);
}

SEC("xdp")
int turnd_relay_xdp(struct xdp_md *frame) {
  struct packet in;
  struct output out;
  struct bpf_fib_lookup way;
  if (parse_frame(frame, &in) || plan(&in, &out) || is_for_others(frame)) return XDP_PASS;
  if (check_of_frame(frame, &in, &out)) return XDP_PASS;
  if (find_way(frame, &in, &out, &way) || bpf_xdp_adjust_head(frame, -growth(&in, &out))) return XDP_PASS;
  if (write_frame(frame, &way, &in, &out)) return XDP_DROP;
  count(&out);
  return way.ifindex == frame->ingress_ifindex && !is_at_veth ? XDP_TX : (int)bpf_redirect(way.ifindex, 0);
}

// The kernel lends some of its functions to GPL-compatible programs alone, so this file is under the MIT licence or GPL-2.0.
char turnd_license[] SEC("license") = "Dual MIT/GPL";
