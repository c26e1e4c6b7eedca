// However a stream arrives, the same messages come out of it, and it breaks at the same place or not at all.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "turnd/base/byte_reader.h"
#include "turnd/stun/channel_data.h"
#include "turnd/stun/classify.h"
#include "turnd/stun/stream_framer.h"
#include "turnd/stun/types.h"

namespace {

using namespace turnd;
using stun::StreamFramer;

struct Outcome {
  std::vector<base::Bytes> messages;
  StreamFramer::State state = StreamFramer::State::open;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Chunk sizes from 1 to 256, taken in turn from these bytes.
class Chunks {
 public:
  explicit Chunks(base::ByteView sizes) : sizes_(sizes) {}
  std::size_t next() { return std::size_t{1} + sizes_[at_++ % sizes_.size()]; }

 private:
  base::ByteView sizes_;
  std::size_t at_ = 0;
};

Outcome cut(base::ByteView stream, std::size_t limit, Chunks chunks) {
  StreamFramer framer(limit);
  base::Bytes memory(limit + 1);
  Outcome outcome;
  while (!stream.empty() && framer.state() == StreamFramer::State::open) {
    framer.adopt(memory);
    const base::MutableBytes room = framer.writable();
    if (room.empty()) std::abort();  // open, and everything whole was taken out: there is room
    const std::size_t count = std::min({room.size(), chunks.next(), stream.size()});
    std::ranges::copy(stream.first(count), room.begin());
    framer.commit(count);
    const std::size_t used = memory.size() - room.size() + count;
    stream = stream.subspan(count);
    while (const auto message = framer.next()) outcome.messages.push_back(base::to_owned(*message));
    framer.release();
    if (framer.kept() > limit) std::abort();
    std::fill_n(memory.begin(), used, std::uint8_t{0xFF});  // another connection's
  }
  outcome.state = framer.state();
  return outcome;
}

// One pass over the whole stream, with no buffer to get wrong.
Outcome reference(base::ByteView stream, std::size_t limit) {
  Outcome outcome;
  while (!stream.empty()) {
    const stun::PacketKind kind = stun::classify(stream[0]);
    const bool is_stun = kind == stun::PacketKind::stun;
    outcome.state = StreamFramer::State::broken;
    if (!is_stun && kind != stun::PacketKind::channel_data) return outcome;
    const bool has_cookie = stream.size() < 8 || base::ByteReader(stream.subspan(4)).u32() == stun::kMagicCookie;
    base::ByteReader reader(stream);
    reader.skip(2);
    const std::size_t length = reader.u16();
    if (reader.ok() && is_stun && (length % 4 != 0 || !has_cookie)) return outcome;
    const std::size_t size = length + (is_stun ? stun::kHeaderSize : stun::kChannelHeaderSize);
    const std::size_t padded = size + stun::stream_padding(size);
    if (reader.ok() && padded > limit) return outcome;
    outcome.state = StreamFramer::State::open;
    if (!reader.ok() || stream.size() < padded) return outcome;
    outcome.messages.push_back(base::to_owned(stream.first(size)));
    stream = stream.subspan(padded);
  }
  return outcome;
}

}  // namespace

// limit (2 bytes), chunk sizes (4 bytes), stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::ByteReader reader({data, size});
  const std::size_t limit = std::size_t{64} + reader.u16();
  const base::ByteView sizes = reader.bytes(4);
  if (!reader.ok()) return 0;

  static constexpr std::uint8_t kSingleBytes[] = {0};
  const Outcome expected = reference(reader.rest(), limit);
  if (cut(reader.rest(), limit, Chunks(sizes)) != expected) std::abort();
  if (cut(reader.rest(), limit, Chunks(kSingleBytes)) != expected) std::abort();
  return 0;
}
