#include "turnd/stun/stream_framer.h"

#include <algorithm>

#include "turnd/base/byte_reader.h"
#include "turnd/stun/channel_data.h"
#include "turnd/stun/classify.h"
#include "turnd/stun/types.h"

namespace turnd::stun {
namespace {

constexpr std::size_t kPrefix = 4;     // type and length of either kind
constexpr std::size_t kCookieEnd = 8;  // of STUN

struct Frame {
  std::size_t message;  // bytes that `next` hands out
  std::size_t total;    // with the padding of ChannelData
};

// nullopt: neither STUN nor ChannelData.
std::optional<Frame> frame_of(base::ByteView prefix) {
  const std::size_t length = static_cast<std::size_t>(prefix[2] << 8 | prefix[3]);
  switch (classify(prefix[0])) {
    case PacketKind::stun:
      if (length % 4 != 0) return std::nullopt;
      return Frame{kHeaderSize + length, kHeaderSize + length};
    case PacketKind::channel_data: {
      const std::size_t size = kChannelHeaderSize + length;
      return Frame{size, size + stream_padding(size)};
    }
    case PacketKind::tls_or_dtls:
    case PacketKind::other:
      return std::nullopt;
  }
  return std::nullopt;
}

bool lacks_cookie(base::ByteView pending) {
  if (pending.size() < kCookieEnd) return false;  // it may still come
  return base::ByteReader(pending.subspan(kPrefix)).u32() != kMagicCookie;
}

}  // namespace

void StreamFramer::adopt(base::MutableBytes memory) {
  memory_ = memory;
  begin_ = 0;
  end_ = kept_.size();
  std::ranges::copy(kept_, memory_.begin());
  kept_.clear();
}

void StreamFramer::release() {
  if (begin_ == end_ || state_ == State::broken) {
    kept_ = base::Bytes();  // gives it back, where clear() and {} would not
  } else {
    const base::MutableBytes pending = memory_.subspan(begin_, end_ - begin_);
    kept_.assign(pending.begin(), pending.end());
  }
  memory_ = {};
  begin_ = end_ = 0;
}

base::MutableBytes StreamFramer::writable() {
  if (state_ == State::broken) return {};
  if (begin_ != 0) {  // what is left moves to the front: messages never wrap
    std::ranges::copy(memory_.subspan(begin_, end_ - begin_), memory_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  return memory_.subspan(end_);
}

void StreamFramer::commit(std::size_t count) { end_ = std::min(memory_.size(), end_ + count); }

std::optional<base::ByteView> StreamFramer::next() {
  if (state_ == State::broken || end_ == begin_) return std::nullopt;
  const base::ByteView pending = base::ByteView(memory_).subspan(begin_, end_ - begin_);
  const PacketKind kind = classify(pending[0]);
  if (kind != PacketKind::stun && kind != PacketKind::channel_data) {
    state_ = State::broken;  // at once: an HTTP request must not wait for more
    return std::nullopt;
  }
  if (pending.size() < kPrefix) return std::nullopt;
  if (kind == PacketKind::stun && lacks_cookie(pending)) {
    state_ = State::broken;
    return std::nullopt;
  }
  const auto frame = frame_of(pending);
  if (!frame || frame->total > max_message_) {
    state_ = State::broken;
    return std::nullopt;
  }
  if (pending.size() < frame->total) return std::nullopt;
  begin_ += frame->total;
  return pending.first(frame->message);
}

}  // namespace turnd::stun
