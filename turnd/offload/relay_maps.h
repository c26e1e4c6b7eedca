// What turnd and its program in the kernel share: keys and values of the maps. C, since both sides include it.
#pragma once

#include <linux/types.h>

// An address in network byte order; IPv4 in the first four bytes, the rest zero.
struct turnd_address {
  __u32 words[4];
};

// Ports and channel numbers are in network byte order too, as they stand in packets.
struct turnd_client_key {
  struct turnd_address client;
  struct turnd_address server;
  __u16 client_port;
  __u16 server_port;
  __u16 channel;
  __u16 family;  // 4 or 6
};

struct turnd_peer_key {
  struct turnd_address peer;
  struct turnd_address relay;
  __u16 peer_port;
  __u16 relay_port;
  __u32 family;
};

// Where a packet that matched goes.
struct turnd_route {
  struct turnd_address source;
  struct turnd_address destination;
  __u16 source_port;
  __u16 destination_port;
  __u16 channel;     // what the client is told; towards a peer 0
  __u16 is_hairpin;  // towards a peer: it is another relay of this server
  __u32 interface;
  __u32 mtu;  // of the IP packet
  __u32 lease;
};

enum turnd_direction { TURND_TO_PEER, TURND_TO_CLIENT, TURND_DIRECTIONS };

// A bound channel, in an array that turnd has mapped: it prolongs and withdraws by writing `until`, without a call.
struct turnd_lease {
  __u64 until;  // CLOCK_BOOTTIME, ns; 0: none
  __u64 packets[TURND_DIRECTIONS];
  __u64 bytes[TURND_DIRECTIONS];  // payload
  __u64 unused[3];
};

// Of an interface, as it stands in frames.
struct turnd_ethernet_address {
  __u16 words[3];
  __u16 unused;
};

#define TURND_MAX_LEASES 65536
#define TURND_MAX_INTERFACES 4096
