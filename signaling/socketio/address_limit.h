// AddressLimit: how many of something one client address holds; IPv6 addresses count by /64.
#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

#include "turnd/base/endpoint.h"

namespace signaling::socketio {

class AddressLimit {
 public:
  explicit AddressLimit(std::size_t most) : most_(most) {}  // 0: any number
  // For what is taken from now on.
  void set_most(std::size_t most) { most_ = most; }

  // One of an address's places, given back when it goes. The limit outlives it.
  class Place {
   public:
    Place(Place&& other) noexcept : limit_(std::exchange(other.limit_, nullptr)), subject_(other.subject_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (limit_) limit_->give_back(subject_);
    }

   private:
    friend class AddressLimit;
    Place(AddressLimit* limit, const turnd::base::IpAddress& subject) : limit_(limit), subject_(subject) {}
    AddressLimit* limit_;
    turnd::base::IpAddress subject_;
  };

  // nullopt when the address holds as many as it may.
  [[nodiscard]] std::optional<Place> take(const turnd::base::IpAddress& address) {
    const turnd::base::IpAddress subject = subject_of(address);
    std::size_t& held = held_[subject];
    if (most_ != 0 && held >= most_) return std::nullopt;
    ++held;
    return Place(this, subject);
  }

 private:
  static turnd::base::IpAddress subject_of(const turnd::base::IpAddress& address) {
    const turnd::base::IpAddress plain = address.unmapped();
    if (plain.is_v4()) return plain;
    return turnd::base::IpAddress::from_words(plain.family(), {plain.words()[0], 0});
  }
  void give_back(const turnd::base::IpAddress& subject) {
    const auto held = held_.find(subject);
    if (--held->second == 0) held_.erase(held);
  }

  std::size_t most_;
  std::unordered_map<turnd::base::IpAddress, std::size_t> held_;
};

}  // namespace signaling::socketio
