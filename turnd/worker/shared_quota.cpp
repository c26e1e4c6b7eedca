#include "turnd/worker/shared_quota.h"

#include <algorithm>
#include <utility>

namespace turnd::worker {
namespace {

constexpr std::uint64_t kBitsPerByte = 8;

base::IpAddress counted_as(const base::IpAddress& client) {
  if (client.is_v4()) return client;
  auto octets = client.storage();
  std::fill(octets.begin() + 8, octets.end(), std::uint8_t{0});
  return base::IpAddress::v6(octets);
}

void set_rates(turn::SharedBandwidth& bandwidth, std::uint64_t bits_per_second) {
  // A configured rate below one byte per second is still a limit.
  const std::uint64_t bytes = bits_per_second == 0 ? 0 : std::max<std::uint64_t>(1, bits_per_second / kBitsPerByte);
  bandwidth.to_peer.set_rate(bytes);
  bandwidth.to_client.set_rate(bytes);
}

bool is_exhausted(std::uint32_t limit, std::size_t held) { return limit != 0 && held >= limit; }

}  // namespace

struct SharedQuota::Books {
  struct User {
    std::size_t held = 0;
    std::shared_ptr<turn::SharedBandwidth> bandwidth;
  };
  mutable std::mutex mutex;
  turn::Limits limits;
  std::size_t held = 0;
  std::unordered_map<std::string, User> users;
  std::unordered_map<base::IpAddress, std::size_t> addresses;
  turn::SharedBandwidth total;
};

// One unit: what was taken is given back when this is destroyed, wherever that happens.
class SharedQuota::Account {
 public:
  Account(std::shared_ptr<Books> books, std::string user, const base::IpAddress& address)
      : books_(std::move(books)), user_(std::move(user)), address_(address) {}
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;
  ~Account() {
    const std::lock_guard lock(books_->mutex);
    --books_->held;
    if (const auto user = books_->users.find(user_); --user->second.held == 0) books_->users.erase(user);
    if (const auto address = books_->addresses.find(address_); --address->second == 0) books_->addresses.erase(address);
  }

 private:
  std::shared_ptr<Books> books_;
  std::string user_;
  base::IpAddress address_;
};

SharedQuota::SharedQuota(const turn::Limits& limits) : books_(std::make_shared<Books>()) { replace_limits(limits); }

base::Result<turn::QuotaUnit, turn::QuotaRefusal> SharedQuota::acquire(std::string_view user,
                                                                       const base::IpAddress& client) {
  const base::IpAddress address = counted_as(client);
  const std::string name(user);
  const std::lock_guard lock(books_->mutex);
  const auto known_user = books_->users.find(name);
  const auto known_address = books_->addresses.find(address);
  const std::size_t by_user = known_user == books_->users.end() ? 0 : known_user->second.held;
  const std::size_t by_address = known_address == books_->addresses.end() ? 0 : known_address->second;
  const turn::Limits& limits = books_->limits;
  if (is_exhausted(limits.allocations_per_user, by_user)) return turn::QuotaRefusal::user;
  if (is_exhausted(limits.allocations_per_ip, by_address)) return turn::QuotaRefusal::address;
  if (is_exhausted(limits.allocations, books_->held)) return turn::QuotaRefusal::total;

  Books::User& entry = books_->users[name];
  if (!entry.bandwidth) {
    entry.bandwidth = std::make_shared<turn::SharedBandwidth>();
    set_rates(*entry.bandwidth, limits.bandwidth.user);
  }
  ++entry.held;
  ++books_->addresses[address];
  ++books_->held;
  return turn::QuotaUnit(std::make_shared<Account>(books_, name, address), entry.bandwidth);
}

turn::SharedBandwidth& SharedQuota::total_bandwidth() { return books_->total; }

void SharedQuota::replace_limits(const turn::Limits& limits) {
  const std::lock_guard lock(books_->mutex);
  books_->limits = limits;
  set_rates(books_->total, limits.bandwidth.total);
  for (auto& [name, user] : books_->users) set_rates(*user.bandwidth, limits.bandwidth.user);
}

std::size_t SharedQuota::held() const {
  const std::lock_guard lock(books_->mutex);
  return books_->held;
}

}  // namespace turnd::worker
