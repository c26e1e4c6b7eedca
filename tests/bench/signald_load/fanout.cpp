// Rooms with one speaker each: what a delivery costs.
#include <array>
#include <cstdio>
#include <stdexcept>

#include "tests/bench/signald_load/message_scan.h"
#include "tests/bench/signald_load/scenario.h"

namespace signaling::load {
namespace {

// Every payload begins with the time at which it was sent and the room that it belongs to.
constexpr std::string_view kMark = "~T";
constexpr std::size_t kTimeDigits = 16;
constexpr std::size_t kRoomDigits = 4;

class Fanout final : public Scenario {
 public:
  using Scenario::Scenario;
  boost::json::object run() override {
    fleet_.open(fleet_.clients().size());
    count_hearers();
    boost::json::object figures = measure();
    figures["hearers"] = fleet_.rooms().front().hearers;
    return figures;
  }
  void on_text(Client& client, std::string_view text) override {
    if (!(fleet_.options().stored ? dialect().is_chat(text) : dialect().is_data(text))) return;
    Room& room = fleet_.rooms()[client.room];
    meter_.add(sent_at(client, room, text));
    ++room.heard;
    if (goes_on() && room.hearers != 0 && room.heard % room.hearers == 0) speak(room);
  }

 private:
  // One line into each room tells who hears it: a server may send it back to its speaker or not.
  void count_hearers() {
    for (Room& room : fleet_.rooms()) speak(room);
    std::uint64_t heard = 0;
    do {
      heard = meter_.units();
      fleet_.run_for(0.3);
    } while (heard != meter_.units());
    for (Room& room : fleet_.rooms()) {
      room.hearers = room.heard;
      if (room.heard == 0 || room.heard + 1 < room.members || room.heard > room.members)
        throw std::runtime_error("a line reached " + std::to_string(room.heard) + " of " +
                                 std::to_string(room.members) + " members: " + fleet_.last_refusal());
      room.heard = 0;
      room.said = 0;
    }
    for (Client& client : fleet_.clients()) client.heard = 0;
  }
  void begin() override {
    if (is_open_loop()) return;
    for (Room& room : fleet_.rooms())
      for (std::size_t i = 0; i < fleet_.options().window; ++i) speak(room);
  }
  void send_due(std::uint64_t number) override { speak(fleet_.rooms()[number % fleet_.rooms().size()]); }

  void speak(Room& room) {
    const auto now = Clock::now();
    room.said_at[room.said % room.said_at.size()] = now;
    std::array<char, 32> mark{};
    std::snprintf(mark.data(), mark.size(), "~T%016llx%04x",
                  static_cast<unsigned long long>(now.time_since_epoch().count()), room.speaker->room);
    const std::string payload = mark.data() + filler(fleet_.options().size, kMark.size() + kTimeDigits + kRoomDigits);
    fleet_.say(*room.speaker, fleet_.options().stored ? dialect().chat(*room.speaker, room, room.said, payload)
                                                      : dialect().data(payload));
    ++room.said;
  }
  // A message without a payload is the next one of its room: connections keep the order.
  Clock::time_point sent_at(Client& client, const Room& room, std::string_view text) {
    const std::uint64_t number = client.heard++;
    const std::size_t mark = text.find(kMark);
    if (mark == std::string_view::npos) return room.said_at[number % room.said_at.size()];
    text.remove_prefix(mark + kMark.size());
    if (hex_number(text.substr(kTimeDigits, kRoomDigits)) != client.room) ++misdelivered_;
    return Clock::time_point(Clock::duration(hex_number(text.substr(0, kTimeDigits))));
  }
  [[nodiscard]] std::uint64_t in_flight() const override {
    std::uint64_t missing = 0;
    for (const Room& room : fleet_.rooms()) missing += room.said * room.hearers - room.heard;
    return missing;
  }
};

}  // namespace

std::unique_ptr<Scenario> make_fanout(Fleet& fleet) { return std::make_unique<Fanout>(fleet); }

}  // namespace signaling::load
