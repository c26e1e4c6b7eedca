// What an engine shares with other workers, for tests with one engine: quota and reservations, countable.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "turnd/turn/quota_ledger.h"
#include "turnd/turn/reservation_board.h"
#include "turnd/turn/settings.h"

namespace turnd::support {

// Counts units as they are held; limits as the settings say.
class CountingLedger : public turn::QuotaLedger {
 public:
  explicit CountingLedger(const turn::Limits& limits) { set(limits); }
  void set(const turn::Limits& limits) {
    limits_ = limits;
    total_.to_peer.set_rate(limits.bandwidth.total / 8);
    total_.to_client.set_rate(limits.bandwidth.total / 8);
  }

  base::Result<turn::QuotaUnit, turn::QuotaRefusal> acquire(std::string_view user,
                                                            const base::IpAddress& client) override {
    const auto is_full = [](std::uint32_t held, std::uint32_t limit) { return limit != 0 && held >= limit; };
    if (is_full(*held_, limits_.allocations)) return turn::QuotaRefusal::total;
    auto& of_user = by_user_[std::string(user)];
    auto& of_address = by_address_[client];
    if (!of_user) of_user = std::make_shared<std::uint32_t>(0);
    if (!of_address) of_address = std::make_shared<std::uint32_t>(0);
    if (is_full(*of_user, limits_.allocations_per_user)) return turn::QuotaRefusal::user;
    if (is_full(*of_address, limits_.allocations_per_ip)) return turn::QuotaRefusal::address;
    auto& bandwidth = bandwidth_[std::string(user)];
    if (!bandwidth) bandwidth = std::make_shared<turn::SharedBandwidth>();
    bandwidth->to_peer.set_rate(limits_.bandwidth.user / 8);
    bandwidth->to_client.set_rate(limits_.bandwidth.user / 8);
    for (const auto& count : {held_, of_user, of_address}) ++*count;
    const auto give_back = [all = held_, of_user, of_address](void*) {
      for (const auto& count : {all, of_user, of_address}) --*count;
    };
    return turn::QuotaUnit(std::shared_ptr<void>(this, give_back), bandwidth);
  }
  turn::SharedBandwidth& total_bandwidth() override { return total_; }
  [[nodiscard]] std::uint32_t held() const { return *held_; }

 private:
  turn::Limits limits_;
  std::shared_ptr<std::uint32_t> held_ = std::make_shared<std::uint32_t>(0);
  std::map<std::string, std::shared_ptr<std::uint32_t>> by_user_;
  std::map<base::IpAddress, std::shared_ptr<std::uint32_t>> by_address_;
  std::map<std::string, std::shared_ptr<turn::SharedBandwidth>> bandwidth_;
  turn::SharedBandwidth total_;
};

class CountingBoard : public turn::ReservationBoard {
 public:
  void keep(const turn::Token& token, turn::Reservation reservation, std::string_view username,
            base::TimePoint until) override {
    kept_.insert_or_assign(token, Kept{std::move(reservation), std::string(username), until});
  }
  std::optional<turn::Reservation> redeem(const turn::Token& token, std::string_view username,
                                          base::TimePoint now) override {
    const auto found = kept_.find(token);
    if (found == kept_.end() || found->second.username != username || found->second.until <= now) return std::nullopt;
    turn::Reservation reservation = std::move(found->second.reservation);
    kept_.erase(found);
    return reservation;
  }
  void expire(base::TimePoint now) override {
    std::erase_if(kept_, [&](const auto& each) { return each.second.until <= now; });
  }
  [[nodiscard]] std::size_t held() const { return kept_.size(); }

 private:
  struct Kept {
    turn::Reservation reservation;
    std::string username;
    base::TimePoint until;
  };
  std::map<turn::Token, Kept> kept_;
};

}  // namespace turnd::support
