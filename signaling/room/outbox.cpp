#include "signaling/room/outbox.h"

#include <utility>

namespace signaling::room {

std::uint64_t Outbox::push(protocol::SharedFrame frame, const Bounds& bounds) {
  if (!kept_) kept_ = std::make_unique<std::deque<protocol::SharedFrame>>();
  bytes_ += frame->body.size();
  kept_->push_back(std::move(frame));
  while (kept_->size() > 1 && (kept_->size() > bounds.messages || bytes_ > bounds.bytes)) {
    bytes_ -= kept_->front()->body.size();
    kept_->pop_front();
  }
  return ++last_;
}

bool Outbox::reaches_back_to(std::uint64_t s) const { return s <= last_ && s >= last_ - size(); }

}  // namespace signaling::room
