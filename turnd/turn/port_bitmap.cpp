#include "turnd/turn/port_bitmap.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <utility>

namespace turnd::turn {
namespace {

constexpr std::size_t kBitsPerWord = 64;
constexpr std::chrono::seconds kForeignFor{60};

std::uint64_t bit_of(std::uint16_t port) { return std::uint64_t{1} << port % kBitsPerWord; }

// Bits of the word that lie in the range.
std::uint64_t mask_of(std::size_t word, PortRange range) {
  const std::size_t first = word * kBitsPerWord;
  const std::size_t low = std::max<std::size_t>(range.low, first);
  const std::size_t high = std::min<std::size_t>(range.high, first + kBitsPerWord - 1);
  if (low > high) return 0;
  const std::size_t count = high - low + 1;
  const std::uint64_t ones = count == kBitsPerWord ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
  return ones << (low - first);
}

}  // namespace

PortBitmap::PortBitmap(const RelayAddress& address) : address_(address), foreign_until_(65'536) {}

bool PortBitmap::is_claimed(std::uint16_t port) const {
  return (bits_[port / kBitsPerWord].load(std::memory_order_acquire) & bit_of(port)) != 0;
}

bool PortBitmap::try_claim(std::uint16_t port) {
  return (bits_[port / kBitsPerWord].fetch_or(bit_of(port), std::memory_order_acq_rel) & bit_of(port)) == 0;
}

void PortBitmap::release(std::uint16_t port) {
  bits_[port / kBitsPerWord].fetch_and(~bit_of(port), std::memory_order_acq_rel);
}

void PortBitmap::mark_foreign(std::uint16_t port, base::TimePoint until) {
  foreign_until_[port].store(until.time_since_epoch().count(), std::memory_order_relaxed);
}

bool PortBitmap::is_foreign(std::uint16_t port, base::TimePoint now) const {
  return foreign_until_[port].load(std::memory_order_relaxed) > now.time_since_epoch().count();
}

std::uint32_t PortBitmap::free_in(PortRange range) const {
  std::uint32_t free = 0;
  for (std::size_t word = 0; word < bits_.size(); ++word)
    free += static_cast<std::uint32_t>(
        std::popcount(~bits_[word].load(std::memory_order_relaxed) & mask_of(word, range)));
  return free;
}

PortClaim& PortClaim::operator=(PortClaim&& other) noexcept {
  if (this == &other) return *this;
  if (on_) on_->release(port_);
  on_ = std::move(other.on_);
  port_ = other.port_;
  return *this;
}

PortClaim::~PortClaim() {
  if (on_) on_->release(port_);
}

void PortClaim::abandon_as_foreign(base::TimePoint now) && {
  on_->mark_foreign(port_, now + kForeignFor);
  on_->release(port_);
  on_.reset();
}

}  // namespace turnd::turn
