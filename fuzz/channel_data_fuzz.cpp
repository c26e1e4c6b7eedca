// ChannelData: what is read lies in the datagram, writes the same header again, and comes through a stream unchanged.
#include <algorithm>
#include <cstdlib>

#include "turnd/stun/channel_data.h"
#include "turnd/stun/classify.h"
#include "turnd/stun/stream_framer.h"

namespace {

using namespace turnd;

void require(bool holds) {
  if (!holds) std::abort();
}

// On a stream the same message is padded, and the framer takes the padding off again.
void send_through_stream(base::ByteView message) {
  stun::StreamFramer framer(66 * 1024);
  const std::size_t padded = message.size() + stun::stream_padding(message.size());
  base::Bytes memory(66 * 1024 + 1);
  framer.adopt(memory);
  const base::MutableBytes room = framer.writable();
  require(room.size() == memory.size());
  std::ranges::copy(message, room.begin());
  std::ranges::fill(room.first(padded).subspan(message.size()), std::uint8_t{0});
  framer.commit(padded);

  const auto framed = framer.next();
  require(framed && std::ranges::equal(*framed, message) && framer.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView datagram(data, size);
  const auto message = stun::parse_channel_data(datagram);
  if (!message) {
    require(size < stun::kChannelHeaderSize || size - stun::kChannelHeaderSize < std::size_t{data[2]} * 256 + data[3]);
    return 0;
  }
  const std::size_t used = stun::kChannelHeaderSize + message->payload.size();
  require(used <= size && message->payload.data() == data + stun::kChannelHeaderSize);
  require(std::ranges::equal(stun::channel_data_header(message->channel, message->payload.size()),
                             datagram.first(stun::kChannelHeaderSize)));
  for (std::size_t cut = 0; cut < used; cut += 1 + cut / 8) require(!stun::parse_channel_data(datagram.first(cut)));

  const bool is_bindable = stun::is_channel_number(message->channel);
  require(is_bindable == (stun::classify(data[0]) == stun::PacketKind::channel_data));
  if (is_bindable) send_through_stream(datagram.first(used));
  return 0;
}
